/** Data sets of texts, a character at a time. */
@NullMarked
package io.dlion.data.text;

import org.jspecify.annotations.NullMarked;
