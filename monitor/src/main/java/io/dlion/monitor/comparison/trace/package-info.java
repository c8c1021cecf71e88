/** What is recorded of one emulated run: curves, links, workers. */
@NullMarked
package io.dlion.monitor.comparison.trace;

import org.jspecify.annotations.NullMarked;
