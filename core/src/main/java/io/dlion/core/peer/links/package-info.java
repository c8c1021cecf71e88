/** Gradients out: what is put on each link, and when. */
@NullMarked
package io.dlion.core.peer.links;

import org.jspecify.annotations.NullMarked;
