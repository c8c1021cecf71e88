package io.dlion.emulator.run;

import io.dlion.core.WorkerId;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.SharedCores;
import java.util.Optional;

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

  @Override
  public long restNanos(WorkerId worker) {
    return environment.calibration(worker).restNanos();
  }

  @Override
  public Optional<SharedCores> sharedCores(WorkerId worker) {
    return environment.sharedCores(worker);
  }
}
