/** When a worker may start its next iteration. */
@NullMarked
package io.dlion.core.sync;

import org.jspecify.annotations.NullMarked;
