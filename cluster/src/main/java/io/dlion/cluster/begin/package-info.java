/** How a run begins: who takes part, with which encoding and which weights. Pure. */
@NullMarked
package io.dlion.cluster.begin;

import org.jspecify.annotations.NullMarked;
