/** Rounds in which a worker exchanges with one peer instead of with all. */
@NullMarked
package io.dlion.core.peer.gossip;

import org.jspecify.annotations.NullMarked;
