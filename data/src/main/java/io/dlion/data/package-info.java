/** Data sets: their examples, options for reading them, and what was recognised about them. */
@NullMarked
package io.dlion.data;

import org.jspecify.annotations.NullMarked;
