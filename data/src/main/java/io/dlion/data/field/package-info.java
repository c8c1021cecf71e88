/** What the fields of a table hold: numbers of all notations, units, words, nothing. */
@NullMarked
package io.dlion.data.field;

import org.jspecify.annotations.NullMarked;
