/** Whether the next iteration may start, and for whom it waits. */
@NullMarked
package io.dlion.core.peer.pace;

import org.jspecify.annotations.NullMarked;
