package io.dlion.monitor.statistics;

import io.dlion.core.WorkerId;

/**
 * What a link carries. Immutable.
 *
 * @param peer whither
 * @param n Max N's N of the latest message
 * @param share of the model's entries in the latest message, in [0, 1]
 * @param sentBytesPerSecond put on the link over the last 5 s
 * @param goodputBytesPerSecond what the link was measured to carry; 0 where not known yet
 * @param messages put on it so far
 * @param bytesSent put on it so far
 */
public record LinkSnapshot(
    WorkerId peer,
    double n,
    double share,
    double sentBytesPerSecond,
    double goodputBytesPerSecond,
    long messages,
    long bytesSent) {}
