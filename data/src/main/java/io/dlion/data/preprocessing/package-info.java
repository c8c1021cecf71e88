/** How examples are encoded: measured once, kept with a model, compared, agreed on. */
@NullMarked
package io.dlion.data.preprocessing;

import org.jspecify.annotations.NullMarked;
