package io.dlion.emulator.run;

import io.dlion.core.WorkerId;
import io.dlion.emulator.environment.Calibration;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.SharedCores;
import io.dlion.emulator.environment.SitedWorker;
import java.util.List;
import java.util.Optional;

/**
 * The compute model of the ideal bound: all workers of an environment together, with communication
 * that costs nothing and batches divided perfectly. A global batch B takes the T for which {@code
 * Σ_k max(0, (T − α_k) / β_k) = B}, α_k and β_k being worker k's fixed and per-sample times at the
 * moment it begins.
 */
record IdealCompute(Environment environment) implements ComputeModel {
  private static final int BISECTIONS = 100;

  /** A worker's time for a batch of b samples is alpha + beta · b, in nanoseconds. */
  private record Line(double alpha, double beta) {
    double samplesIn(double nanos) {
      return Math.max(0, (nanos - alpha) / beta);
    }
  }

  @Override
  public long nanos(WorkerId worker, int samples, long startNanos) {
    List<Line> lines =
        environment.workers().stream()
            .filter(w -> environment.trains(w.id()) && environment.speedOf(w.id(), startNanos) > 0)
            .map(w -> line(w, startNanos))
            .toList();
    if (lines.isEmpty()) {
      return Long.MAX_VALUE;
    }
    double least = 0;
    double most = lines.stream().mapToDouble(l -> l.alpha + l.beta * samples).min().orElseThrow();
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (least + most) / 2;
      if (lines.stream().mapToDouble(l -> l.samplesIn(middle)).sum() < samples) {
        least = middle;
      } else {
        most = middle;
      }
    }
    return Math.round(most);
  }

  private Line line(SitedWorker worker, long startNanos) {
    double nanosPerReferenceSecond = environment.busyNanos(worker.id(), 1, startNanos);
    Calibration its = environment.calibration(worker.id());
    double busy = nanosPerReferenceSecond * crowding(worker.id());
    return new Line(its.alphaSeconds() * busy + its.restNanos(), its.betaSeconds() * busy);
  }

  /** How many times longer computing takes while all who share the worker's cores compute. */
  private double crowding(WorkerId worker) {
    Optional<SharedCores> own = environment.sharedCores(worker);
    if (own.isEmpty()) {
      return 1;
    }
    int threads =
        environment.workers().stream()
            .filter(w -> environment.trains(w.id()))
            .flatMap(w -> environment.sharedCores(w.id()).stream())
            .filter(other -> other.machine().equals(own.get().machine()))
            .mapToInt(SharedCores::threads)
            .sum();
    return threads == own.get().threads() ? 1 : own.get().timesLonger(threads);
  }

  @Override
  public long scaled(WorkerId worker, long referenceNanos, long atNanos) {
    return 0;
  }
}
