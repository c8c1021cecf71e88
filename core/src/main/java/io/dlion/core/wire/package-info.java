/** Messages between workers and their bytes: versioned, of known size, validated before use. */
@NullMarked
package io.dlion.core.wire;

import org.jspecify.annotations.NullMarked;
