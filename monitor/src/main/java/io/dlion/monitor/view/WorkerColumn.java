package io.dlion.monitor.view;

import io.dlion.core.Phrase;
import io.dlion.monitor.statistics.WorkerSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A column of a view's table of workers.
 *
 * @param title above it
 * @param width negative for text, which begins at the left
 * @param value of a worker
 */
record WorkerColumn(String title, int width, Function<WorkerSnapshot, String> value) {
  private static final WorkerColumn WORKER =
      new WorkerColumn("worker", -8, w -> Text.cut(w.worker().name(), 8));
  private static final WorkerColumn ITERATION =
      new WorkerColumn("iteration", 9, trained(w -> Long.toString(w.iterations())));
  private static final WorkerColumn BATCH =
      new WorkerColumn("batch", 5, trained(w -> Integer.toString(w.batchSize())));
  private static final WorkerColumn LOSS =
      new WorkerColumn("loss", 8, w -> Text.loss(w.loss(), w.iterations()));
  private static final WorkerColumn SPEED =
      new WorkerColumn("samples/s", 9, trained(w -> Phrase.of("%.0f", w.samplesPerSecond())));
  private static final WorkerColumn STALENESS =
      new WorkerColumn("stale", 5, trained(w -> Long.toString(w.staleness())));
  private static final WorkerColumn ACCURACY =
      new WorkerColumn(
          "accuracy",
          8,
          w -> w.accuracy().isPresent() ? Phrase.of("%.4f", w.accuracy().getAsDouble()) : "-");

  /** Steps since the last commit left. */
  private static final WorkerColumn STEPS =
      new WorkerColumn(
          "steps", 5, w -> w.client().map(c -> Long.toString(c.stepsSinceCommit())).orElse("-"));

  private static final WorkerColumn COMMITS =
      new WorkerColumn(
          "commits", 7, w -> w.onlyServes() ? "serves" : w.client().map(Text::commits).orElse("-"));
  private static final WorkerColumn WAITED =
      new WorkerColumn(
          "waited",
          6,
          w -> Double.isNaN(w.waitShare()) ? "-" : Phrase.of("%.0f %%", 100 * w.waitShare()));

  /** Accuracy of predictions before learning, over the last records. */
  private static final WorkerColumn PREQUENTIAL =
      new WorkerColumn(
          "preq. %",
          7,
          w ->
              w.stream()
                  .map(s -> s.figures().site().window())
                  .filter(Double::isFinite)
                  .map(a -> Phrase.of("%.1f", 100 * a))
                  .orElse("-"));

  private static final WorkerColumn QUEUED =
      new WorkerColumn(
          "queued", 7, w -> w.stream().map(s -> Long.toString(s.figures().queued())).orElse("-"));

  private static final List<WorkerColumn> ALL =
      List.of(WORKER, ITERATION, BATCH, LOSS, SPEED, STALENESS, ACCURACY);
  private static final List<WorkerColumn> OF_A_STREAM = List.of(PREQUENTIAL, QUEUED);
  private static final List<WorkerColumn> OF_A_SERVER = List.of(STEPS, COMMITS, WAITED);

  /** What a narrow terminal does without, the first one first. */
  private static final List<WorkerColumn> DISPENSABLE =
      List.of(STALENESS, BATCH, ITERATION, STEPS, QUEUED, SPEED, WAITED, COMMITS);

  /**
   * As many as fit into a line.
   *
   * @param withServer whether there are clients and a server, which have columns of their own
   * @param withStream whether there are streams, which have columns of their own
   */
  static List<WorkerColumn> fitting(int width, boolean withServer, boolean withStream) {
    List<WorkerColumn> columns = new ArrayList<>(ALL);
    if (withStream) {
      columns.addAll(OF_A_STREAM);
    }
    if (withServer) {
      columns.addAll(OF_A_SERVER);
    }
    for (WorkerColumn column : DISPENSABLE) {
      if (titles(columns).length() > width) {
        columns.remove(column);
      }
    }
    return columns;
  }

  static String titles(List<WorkerColumn> columns) {
    return columns.stream().map(c -> c.padded(c.title)).collect(Collectors.joining(" "));
  }

  static String row(List<WorkerColumn> columns, WorkerSnapshot worker) {
    return columns.stream()
        .map(c -> c.padded(c.value.apply(worker)))
        .collect(Collectors.joining(" "));
  }

  /** Nothing where there is nothing to come. */
  private static Function<WorkerSnapshot, String> trained(Function<WorkerSnapshot, String> value) {
    return w -> w.onlyServes() ? "-" : value.apply(w);
  }

  private String padded(String text) {
    String padding = " ".repeat(Math.max(0, Math.abs(width) - text.length()));
    return width < 0 ? text + padding : padding + text;
  }
}
