/** Global and local batch sizes, and the weight of a gradient. */
@NullMarked
package io.dlion.core.batching;

import org.jspecify.annotations.NullMarked;
