/** Data sets of images: IDX, CIFAR-10, folders per class. */
@NullMarked
package io.dlion.data.image;

import org.jspecify.annotations.NullMarked;
