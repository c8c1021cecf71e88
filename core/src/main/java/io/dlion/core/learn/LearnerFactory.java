package io.dlion.core.learn;

import io.dlion.core.WorkerId;

/** Makes a worker's learner, on the thread that will use it. */
@FunctionalInterface
public interface LearnerFactory {
  /** A learner with the run's initial weights (the same for every worker). */
  Learner create(WorkerId worker);
}
