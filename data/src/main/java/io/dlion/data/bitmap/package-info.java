/** One image file to bytes: formats, colours, orientation, size. */
@NullMarked
package io.dlion.data.bitmap;

import org.jspecify.annotations.NullMarked;
