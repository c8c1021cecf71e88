/** Emulated runs as a page of HTML, and as a chart. */
@NullMarked
package io.dlion.monitor.comparison.report;

import org.jspecify.annotations.NullMarked;
