package io.dlion.monitor.statistics;

import io.dlion.core.report.StreamFigures;

/**
 * How learning from a stream stands: of one worker, or of all of this process. Immutable.
 *
 * @param figures as they were told last; of several workers as {@link StreamTotals} adds them up
 * @param learnedPerSecond records learned from, over the last 5 s
 */
public record StreamSnapshot(StreamFigures figures, double learnedPerSecond) {}
