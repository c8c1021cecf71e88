/** Presets side by side, from emulated runs: their statistics, as a table and as files. */
@NullMarked
package io.dlion.monitor.comparison;

import org.jspecify.annotations.NullMarked;
