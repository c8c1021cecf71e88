/** Tests of the comparison of presets. */
@NullMarked
package io.dlion.monitor.comparison;

import org.jspecify.annotations.NullMarked;
