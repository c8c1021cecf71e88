/** How much a worker may send and take: caps, hours in which they are lower, and who waits. */
@NullMarked
package io.dlion.cluster.cap;

import org.jspecify.annotations.NullMarked;
