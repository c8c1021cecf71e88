/** Data sets that need no files. */
@NullMarked
package io.dlion.data.generated;

import org.jspecify.annotations.NullMarked;
