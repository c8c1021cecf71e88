/** How a worker comes to where its peers are. */
@NullMarked
package io.dlion.core.peer.catchup;

import org.jspecify.annotations.NullMarked;
