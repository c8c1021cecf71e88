package io.dlion.cli.runtime;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.wire.Control.Reason;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What came of a job.
 *
 * @param reasons why each worker ended that came to an end by itself
 * @param weights of each of them
 * @param reports of all, each worker's in its order
 */
record Ran(Map<WorkerId, Reason> reasons, Map<WorkerId, float[]> weights, List<Report> reports) {
  <R extends Report> List<R> all(Class<R> kind, WorkerId worker) {
    return reports.stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .filter(report -> report.worker().equals(worker))
        .toList();
  }

  float[] weightsOf(WorkerId worker) {
    return Objects.requireNonNull(weights.get(worker), worker.name());
  }
}
