/** What weights make of gradients: optimizers, one file each. */
@NullMarked
package io.dlion.core.optimizer;

import org.jspecify.annotations.NullMarked;
