/** How settings are tuned: what is tried of a preset, for how long, and what is kept. */
@NullMarked
package io.dlion.core.tune;

import org.jspecify.annotations.NullMarked;
