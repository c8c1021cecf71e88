/** Learning from records as they arrive: what a worker does with its stream. */
@NullMarked
package io.dlion.core.stream;

import org.jspecify.annotations.NullMarked;
