/** Data sets, their partitioning over workers, and safetensors files. */
@NullMarked
package io.dlion.data;

import org.jspecify.annotations.NullMarked;
