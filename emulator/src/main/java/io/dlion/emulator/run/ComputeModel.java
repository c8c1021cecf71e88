package io.dlion.emulator.run;

import io.dlion.core.WorkerId;
import io.dlion.emulator.environment.SharedCores;
import java.util.Optional;

/** How long computing takes in virtual time. */
public interface ComputeModel {
  /**
   * Time of one gradient, in nanoseconds, with the cores that the worker takes to itself.
   *
   * @param samples local batch size
   * @param startNanos when it begins: capacity may change over time
   */
  long nanos(WorkerId worker, int samples, long startNanos);

  /** What takes so long on the reference worker, on this one. */
  long scaled(WorkerId worker, long referenceNanos, long atNanos);

  /** Of {@link #nanos}, the part in which nothing is computed. */
  default long restNanos(WorkerId worker) {
    return 0;
  }

  /** The cores on which a worker computes, where others may compute on the same. */
  default Optional<SharedCores> sharedCores(WorkerId worker) {
    return Optional.empty();
  }
}
