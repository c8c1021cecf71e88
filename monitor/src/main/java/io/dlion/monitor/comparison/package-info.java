/**
 * Presets side by side, from emulated runs: what is recorded, its statistics, and how it is told.
 */
@NullMarked
package io.dlion.monitor.comparison;

import org.jspecify.annotations.NullMarked;
