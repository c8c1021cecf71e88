package io.dlion.cli.run;

import io.dlion.cli.console.Console;
import io.dlion.cli.job.Job;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.Phrase;
import io.dlion.core.Shell;
import io.dlion.core.UserError;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.wire.Control.Reason;
import io.dlion.monitor.run.RunFolder;
import io.dlion.monitor.run.RunResult;
import io.dlion.monitor.run.WorkerResult;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The last words of a run: what it reached, where it lies, what to try next; and its exit code.
 *
 * @param kind what was learned, which says what its accuracy is
 * @param command the command whose {@code --resume} goes on with the run, and its other options
 */
record Summary(
    Console console, RunFolder folder, Job job, ExampleShape.Kind kind, List<String> command) {
  /**
   * Prints them.
   *
   * @param saved how good the saved model is; empty where that was not measured
   * @param kept which model was saved, where it is not that of the end
   * @return the exit code
   */
  int print(
      RunResult result,
      Optional<Evaluation> saved,
      RunEnding ending,
      List<WorkerOutcome> outcomes,
      Optional<IOException> metricsFailure,
      Optional<String> kept) {
    PrintStream out = console.out();
    out.println();
    out.println(console.bold(headline(result, saved, ending)));
    streamed(result).ifPresent(out::println);
    kept.ifPresent(news -> out.println("model kept   " + news));
    out.println("run folder   " + folder.path());
    if (ending.stoppedBy().equals("request")) {
      out.println("go on with   " + goingOn(command, folder));
    } else if (ending.stoppedBy().equals("time") && job.stream().isPresent()) {
      out.println("go on with   " + goingOn(command, folder) + " --time LONGER");
    }
    if (!ending.stoppedBy().equals("request") && ending.sound()) {
      String label = "next";
      for (String line : next()) {
        out.printf(Locale.ROOT, "%-13s%s%n", label, line);
        label = "";
      }
    }
    out.flush();
    return exitCode(outcomes, ending, metricsFailure);
  }

  private String headline(RunResult r, Optional<Evaluation> saved, RunEnding ending) {
    String reached =
        r.onlyServed()
            ? saved.map(model -> "Reached " + ofModel(model, r)).orElse("Served")
            : Double.isNaN(r.accuracy())
                ? job.stream().isPresent() ? "Learned" : "Stopped before the first evaluation"
                : r.iterations() == 0
                    ? "Stopped before the first iteration"
                    : "Reached "
                        + saved.map(model -> ofModel(model, r)).orElseGet(() -> ofWorkers(r));
    String why =
        switch (ending.stoppedBy()) {
          case "epochs" -> "all epochs are done";
          case "time" -> "the time is over";
          case "target" -> "the target is reached";
          case "patience" -> "evaluations became no better";
          case "request" -> "you stopped it";
          case "stopped" -> "an operator stopped it";
          case "diverged" -> "training diverged";
          default -> "all workers failed";
        };
    return String.format(Locale.ROOT, "%s in %.1f s: %s", reached, r.seconds(), why);
  }

  /** What was learned from a stream. */
  private Optional<String> streamed(RunResult r) {
    if (!(r.extra().get("recordsLearned") instanceof Number records)) {
      return Optional.empty();
    }
    String predicted =
        r.extra().get("prequentialAccuracy") instanceof Number accuracy
                && Double.isFinite(accuracy.doubleValue())
                && r.extra().get("prequentialWindow") instanceof Number window
            ? Phrase.of(
                ", predicted before with %s, %s of late",
                measured(accuracy.doubleValue()), number(window.doubleValue()))
            : "";
    return Optional.of(
        Phrase.of("stream       %,d records learned%s", records.longValue(), predicted));
  }

  /** What was saved need not be as good as a worker's replica: it is made of all of them. */
  private String ofModel(Evaluation saved, RunResult r) {
    double mean =
        r.workers().stream()
            .filter(w -> w.iterations() > 0)
            .mapToDouble(WorkerResult::accuracy)
            .filter(Double::isFinite)
            .average()
            .orElse(Double.NaN);
    String workers =
        r.workers().size() == 1 || Double.isNaN(mean)
            ? ""
            : Phrase.of(
                " (workers: %s on average, %s at worst)", number(mean), number(r.worstAccuracy()));
    return measured(saved.accuracy()) + " on the test set with the saved model" + workers;
  }

  private String ofWorkers(RunResult r) {
    int workers = r.workers().size();
    String which =
        workers == 1
            ? " in the last evaluation"
            : Phrase.of(
                " in the last evaluations of %d workers (%s at worst)",
                workers, number(r.worstAccuracy()));
    return measured(r.accuracy()) + which;
  }

  private boolean isRegression() {
    return kind == ExampleShape.Kind.REGRESSION;
  }

  private String measured(double accuracy) {
    return isRegression() ? "R² " + number(accuracy) : number(accuracy) + " accuracy";
  }

  private String number(double accuracy) {
    return isRegression()
        ? String.format(Locale.ROOT, "%.3f", accuracy)
        : String.format(Locale.ROOT, "%.1f %%", 100 * accuracy);
  }

  /** What to do with the model; and after the first look at the methods, what else to look at. */
  private List<String> next() {
    List<String> lines = new ArrayList<>();
    if (!job.isWithoutData()) {
      lines.add(Shell.dlion("evaluate", folder.path()));
    }
    lines.add(
        Shell.dlion("export", folder.path(), "--format", "torchscript", "--output", "model.pt"));
    if (command.getFirst().equals("train") && !job.data().startsWith("generated:")) {
      lines.add(goingOn(List.of("train", "--data", "NEW"), folder) + "   learns on from new data");
    } else if (command.getFirst().equals("train")) {
      lines.add(suggestion("--link-mbit 20 --slow w3=4", "thin links, a slow worker"));
      lines.add(suggestion("--link-mbit 20 --preset baseline", "the same without DLion's methods"));
      lines.add(suggestion("--data DIR", "your own data"));
    }
    return lines;
  }

  /** What goes on with a run that was begun by a command. */
  static String goingOn(List<String> command, RunFolder folder) {
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of("--resume", folder.path().toString()));
    return Shell.dlion(words);
  }

  private static String suggestion(String flags, String why) {
    return Phrase.of("%s %-34s %s", Shell.dlion("train"), flags, why);
  }

  private int exitCode(
      List<WorkerOutcome> outcomes, RunEnding ending, Optional<IOException> metricsFailure) {
    boolean good = ending.sound();
    for (WorkerOutcome o : outcomes) {
      if (o.failure().isPresent()) {
        good = false;
        console
            .err()
            .println(
                "dlion: worker " + o.worker() + " failed: " + UserError.text(o.failure().get()));
      } else if (o.unsaved().isPresent()) {
        good = false;
        console
            .err()
            .println(
                "dlion: last checkpoint of " + o.worker() + ": " + o.unsaved().get().getMessage());
      }
    }
    if (metricsFailure.isPresent()) {
      good = false;
      console
          .err()
          .println("dlion: metrics are not complete: " + metricsFailure.get().getMessage());
    }
    if (outcomes.stream().allMatch(o -> o.reason() == Reason.DIVERGED)) {
      console
          .err()
          .println(
              "dlion: training diverged: the last good checkpoint, if any, is kept in "
                  + folder.checkpoints()
                  + "; try --set optimizer.learning-rate=SMALLER");
    }
    console.err().flush();
    return good ? 0 : 1;
  }
}
