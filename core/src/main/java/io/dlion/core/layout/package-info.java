/** How named variables lie in one flat float32 buffer. */
@NullMarked
package io.dlion.core.layout;

import org.jspecify.annotations.NullMarked;
