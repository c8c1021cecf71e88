/** What workers report, as metrics for Prometheus. */
@NullMarked
package io.dlion.monitor.prometheus;

import org.jspecify.annotations.NullMarked;
