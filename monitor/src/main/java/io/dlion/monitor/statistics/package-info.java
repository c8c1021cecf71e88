/** Where a run is: summed up from what workers report. */
@NullMarked
package io.dlion.monitor.statistics;

import org.jspecify.annotations.NullMarked;
