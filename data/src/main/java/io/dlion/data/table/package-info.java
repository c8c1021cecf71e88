/** Data sets of tables: what is recognised about them, and which columns a model gets. */
@NullMarked
package io.dlion.data.table;

import org.jspecify.annotations.NullMarked;
