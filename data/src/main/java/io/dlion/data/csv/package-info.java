/** Text files with rows of fields: their encoding, delimiter, decimal mark and header. */
@NullMarked
package io.dlion.data.csv;

import org.jspecify.annotations.NullMarked;
