package io.dlion.emulator.run;

import io.dlion.core.WorkerId;

/** How long computing takes in virtual time. */
public interface ComputeModel {
  /**
   * Time of one gradient, in nanoseconds.
   *
   * @param samples local batch size
   * @param startNanos when it begins: capacity may change over time
   */
  long nanos(WorkerId worker, int samples, long startNanos);

  /** What takes so long on the reference worker, on this one. */
  long scaled(WorkerId worker, long referenceNanos, long atNanos);
}
