/** Safetensors files. */
@NullMarked
package io.dlion.data.tensor;

import org.jspecify.annotations.NullMarked;
