/** Every parameter by name: registry, values, presets. */
@NullMarked
package io.dlion.core.settings;

import org.jspecify.annotations.NullMarked;
