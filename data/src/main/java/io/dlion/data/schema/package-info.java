/** The columns of a table, and its rows read by them. */
@NullMarked
package io.dlion.data.schema;

import org.jspecify.annotations.NullMarked;
