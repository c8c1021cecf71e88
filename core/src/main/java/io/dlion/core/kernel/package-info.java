/** Float loops over flat buffers, in blocks that stay in the nearest cache. */
@NullMarked
package io.dlion.core.kernel;

import org.jspecify.annotations.NullMarked;
