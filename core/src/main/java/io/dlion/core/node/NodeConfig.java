package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.settings.Settings;

/**
 * What a node is told once.
 *
 * @param self its id
 * @param settings every parameter
 * @param trainingExamples D, over all workers
 * @param goal when the run is over
 * @param seed of the run
 * @param evaluates whether there is a test set
 */
public record NodeConfig(
    WorkerId self,
    Settings settings,
    long trainingExamples,
    Goal goal,
    long seed,
    boolean evaluates) {}
