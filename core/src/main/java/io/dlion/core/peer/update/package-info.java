/** Gradients in: what those of peers, and of peers not heard yet, add to a step. */
@NullMarked
package io.dlion.core.peer.update;

import org.jspecify.annotations.NullMarked;
