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
      new WorkerColumn("iteration", 9, w -> Long.toString(w.iterations()));
  private static final WorkerColumn BATCH =
      new WorkerColumn("batch", 5, w -> Integer.toString(w.batchSize()));
  private static final WorkerColumn LOSS =
      new WorkerColumn("loss", 8, w -> Text.loss(w.loss(), w.iterations()));
  private static final WorkerColumn SPEED =
      new WorkerColumn("samples/s", 9, w -> Phrase.of("%.0f", w.samplesPerSecond()));
  private static final WorkerColumn STALENESS =
      new WorkerColumn("stale", 5, w -> Long.toString(w.staleness()));
  private static final WorkerColumn ACCURACY =
      new WorkerColumn(
          "accuracy",
          8,
          w -> w.accuracy().isPresent() ? Phrase.of("%.4f", w.accuracy().getAsDouble()) : "-");

  private static final List<WorkerColumn> ALL =
      List.of(WORKER, ITERATION, BATCH, LOSS, SPEED, STALENESS, ACCURACY);

  /** What a narrow terminal does without, the first one first. */
  private static final List<WorkerColumn> DISPENSABLE = List.of(STALENESS, BATCH, ITERATION, SPEED);

  /** As many as fit into a line. */
  static List<WorkerColumn> fitting(int width) {
    List<WorkerColumn> columns = new ArrayList<>(ALL);
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

  private String padded(String text) {
    String padding = " ".repeat(Math.max(0, Math.abs(width) - text.length()));
    return width < 0 ? text + padding : padding + text;
  }
}
