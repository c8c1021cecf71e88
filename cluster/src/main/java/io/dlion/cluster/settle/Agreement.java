package io.dlion.cluster.settle;

import io.dlion.core.WorkerId;
import java.util.Optional;

/**
 * The one model of a run.
 *
 * @param how it was made of the workers' replicas: {@code mean of 3 replicas}
 * @param madeBy the worker that made it for all others; empty where there are no others to agree
 *     with
 */
public record Agreement(String how, Optional<WorkerId> madeBy) {}
