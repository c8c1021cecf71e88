/** A cluster of nodes of any family under a virtual clock, for tests. */
@NullMarked
package io.dlion.core.simulation;

import org.jspecify.annotations.NullMarked;
