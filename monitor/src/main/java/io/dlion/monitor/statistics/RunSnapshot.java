package io.dlion.monitor.statistics;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How a run stands at one moment. Immutable.
 *
 * @param atNanos the moment, since the run began
 * @param samples processed by all workers
 * @param samplesPerSecond of all workers, over the last 5 s
 * @param epochs passes over the data so far
 * @param epochsWanted passes over the data that end the run
 * @param fraction the share of the run that is behind us, in [0, 1]; empty if nobody can know
 * @param remainingNanos an estimate of the time left; empty if nobody can know
 * @param accuracy mean of the workers' last accuracies
 * @param worstAccuracy least of the workers' last accuracies
 * @param testLoss mean of the workers' last losses on the test set
 * @param iterations of all workers together
 * @param bytesSent put on links by all workers, since this process began
 * @param workers in the order of their ids
 */
public record RunSnapshot(
    long atNanos,
    long samples,
    double samplesPerSecond,
    double epochs,
    OptionalDouble epochsWanted,
    OptionalDouble fraction,
    OptionalLong remainingNanos,
    OptionalDouble accuracy,
    OptionalDouble worstAccuracy,
    OptionalDouble testLoss,
    long iterations,
    long bytesSent,
    List<WorkerSnapshot> workers) {}
