package io.dlion.core.tune;

import java.util.OptionalDouble;

/**
 * What came of a trial.
 *
 * @param secondsToTarget virtual time at which the target was reached; empty where it was not, or
 *     where there is none
 * @param accuracy on validation data at the end, mean over workers; a trial that reaches its target
 *     may end there
 * @param diverged whether weights or losses were no longer finite
 */
public record TrialScore(OptionalDouble secondsToTarget, double accuracy, boolean diverged) {}
