package io.dlion.monitor.view;

import io.dlion.core.report.Report;
import io.dlion.core.report.Report.Severity;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells what is new from what another worker has said in the same words: a decision that all take
 * is reported by each. Warnings and errors are always news. So is a drift, unless another worker
 * has told of a drift of the cluster in the last ten seconds. Not thread safe.
 */
final class News {
  private static final long SAME_DRIFT_NANOS = 10_000_000_000L;

  private final Set<String> said = new HashSet<>();
  private Report.@Nullable Drifted ofCluster;

  boolean is(Report.Notice notice) {
    return notice.severity() != Severity.INFO || said.add(notice.text());
  }

  boolean is(Report.Drifted drift) {
    if (!drift.cluster()) {
      return true;
    }
    Report.Drifted before = ofCluster;
    boolean told =
        before != null
            && !before.worker().equals(drift.worker())
            && drift.atNanos() - before.atNanos() < SAME_DRIFT_NANOS;
    if (!told) {
      ofCluster = drift;
    }
    return !told;
  }
}
