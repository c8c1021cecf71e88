/** What a worker makes of its own gradients before peers see them. */
@NullMarked
package io.dlion.core.peer.descent;

import org.jspecify.annotations.NullMarked;
