/** Weighted dynamic batching as one worker carries it out. */
@NullMarked
package io.dlion.core.peer.batches;

import org.jspecify.annotations.NullMarked;
