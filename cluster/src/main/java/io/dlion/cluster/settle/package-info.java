/** How a run ends: one model made of all replicas, for all. */
@NullMarked
package io.dlion.cluster.settle;

import org.jspecify.annotations.NullMarked;
