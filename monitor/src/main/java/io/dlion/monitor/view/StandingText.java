package io.dlion.monitor.view;

import io.dlion.monitor.statistics.RunSnapshot;
import io.dlion.monitor.statistics.WorkerSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.StringJoiner;

/**
 * How a run stands, as lines for logs: what is trained, and of a server and streams if there are.
 */
final class StandingText {
  private static final String GAP = "  ";
  private static final int CLIENTS_MAX = 6;

  /** A line's time stands before it. */
  private static final int STREAM_WIDTH = 72;

  private StandingText() {}

  static List<String> lines(RunSnapshot run) {
    List<String> lines = new ArrayList<>();
    lines.add(run.onlyServes() ? progress(run) : training(run));
    lines.add(clients(run.workers().stream().filter(w -> w.client().isPresent()).toList()));
    lines.add(String.join(GAP, Text.serving(run)));
    lines.addAll(Text.wrapped(StreamText.phrases(run), STREAM_WIDTH));
    lines.removeIf(String::isEmpty);
    return lines;
  }

  /** Of a process that trains nothing itself. */
  private static String progress(RunSnapshot run) {
    StringJoiner line = new StringJoiner(GAP);
    addFraction(line, run);
    if (!run.samplesUnknown() && Text.hasEpochs(run)) {
      line.add(Text.epochs(run));
    }
    addRemaining(line, run);
    return line.toString();
  }

  private static String training(RunSnapshot run) {
    StringJoiner line = new StringJoiner(GAP);
    addFraction(line, run);
    if (Text.hasEpochs(run)) {
      line.add(Text.epochs(run));
    }
    List<WorkerSnapshot> workers = run.workers().stream().filter(w -> !w.onlyServes()).toList();
    LongSummaryStatistics iterations =
        workers.stream().mapToLong(WorkerSnapshot::iterations).summaryStatistics();
    line.add(
        iterations.getMin() == iterations.getMax()
            ? "iteration " + iterations.getMax()
            : "iteration " + iterations.getMin() + " to " + iterations.getMax());
    double loss =
        workers.stream()
            .filter(w -> w.iterations() > 0)
            .mapToDouble(WorkerSnapshot::loss)
            .average()
            .orElse(Double.NaN);
    line.add(String.format(Locale.ROOT, "loss %.4f", loss));
    line.add(String.format(Locale.ROOT, "%.0f samples/s", run.samplesPerSecond()));
    line.add(Text.bytes((double) run.bytesSent()) + " sent");
    addRemaining(line, run);
    return line.toString();
  }

  private static void addFraction(StringJoiner line, RunSnapshot run) {
    run.fraction().ifPresent(f -> line.add(String.format(Locale.ROOT, "%d %%", (int) (f * 100))));
  }

  private static void addRemaining(StringJoiner line, RunSnapshot run) {
    run.remainingNanos().ifPresent(n -> line.add("about " + Text.duration(n) + " left"));
  }

  /** {@code commits w1 3/4, 12 steps since, waited 4 %; w2 …}; empty where there are no clients. */
  private static String clients(List<WorkerSnapshot> clients) {
    StringJoiner line = new StringJoiner("; ", "commits ", "");
    line.setEmptyValue("");
    clients.stream().limit(CLIENTS_MAX).forEach(w -> line.add(client(w)));
    if (clients.size() > CLIENTS_MAX) {
      line.add("and " + (clients.size() - CLIENTS_MAX) + " more clients");
    }
    return line.toString();
  }

  private static String client(WorkerSnapshot worker) {
    var client = worker.client().orElseThrow();
    String waited =
        Double.isNaN(worker.waitShare())
            ? ""
            : String.format(Locale.ROOT, ", waited %.0f %%", 100 * worker.waitShare());
    return String.format(
        Locale.ROOT,
        "%s %s, %d %s since%s",
        worker.worker().name(),
        Text.commits(client),
        client.stepsSinceCommit(),
        client.stepsSinceCommit() == 1 ? "step" : "steps",
        waited);
  }
}
