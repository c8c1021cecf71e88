package io.dlion.emulator.run;

import io.dlion.core.WorkerId;
import io.dlion.emulator.environment.Environment;

/** Computing takes as long as the environment says. */
record EnvironmentCompute(Environment environment) implements ComputeModel {
  @Override
  public long nanos(WorkerId worker, int samples, long startNanos) {
    return environment.computeNanos(worker, samples, startNanos);
  }

  @Override
  public long scaled(WorkerId worker, long referenceNanos, long atNanos) {
    return environment.busyNanos(worker, referenceNanos / 1e9, atNanos);
  }
}
