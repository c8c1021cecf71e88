/** Workers that average with one peer at a time: who meets whom in a round. */
@NullMarked
package io.dlion.core.gossip;

import org.jspecify.annotations.NullMarked;
