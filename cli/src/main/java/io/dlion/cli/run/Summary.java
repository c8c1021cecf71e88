package io.dlion.cli.run;

import io.dlion.cli.Console;
import io.dlion.cli.job.Job;
import io.dlion.cluster.Outcome;
import io.dlion.core.wire.Control.Reason;
import io.dlion.monitor.RunFolder;
import io.dlion.monitor.RunResult;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The last words of a run: what it reached, where it lies, what to try next; and its exit code. */
record Summary(Console console, RunFolder folder, Job job, String resume) {
  int print(
      RunResult result,
      Ending ending,
      List<Outcome> outcomes,
      Optional<IOException> metricsFailure) {
    PrintStream out = console.out();
    out.println();
    out.println(console.bold(headline(result, ending)));
    out.println("run folder   " + folder.path());
    if (ending.stoppedBy().equals("request")) {
      out.println("go on with   " + resume + " --resume " + folder.path());
    } else if (ending.sound()) {
      out.println("next         dlion evaluate " + folder.path());
      out.println(
          "             dlion export " + folder.path() + " --format torchscript --output model.pt");
      suggestions(out);
    }
    out.flush();
    return exitCode(outcomes, ending, metricsFailure);
  }

  private String headline(RunResult r, Ending ending) {
    String reached =
        Double.isNaN(r.accuracy())
            ? "Stopped before the first evaluation"
            : String.format(
                Locale.ROOT,
                "Reached %.1f %% accuracy on the test set (worst of %d workers %.1f %%)",
                100 * r.accuracy(),
                r.workers().size(),
                100 * r.worstAccuracy());
    String why =
        switch (ending.stoppedBy()) {
          case "epochs" -> "all epochs are done";
          case "time" -> "the time is over";
          case "target" -> "the target is reached";
          case "request" -> "you stopped it";
          case "diverged" -> "training diverged";
          default -> "all workers failed";
        };
    return String.format(Locale.ROOT, "%s in %.1f s: %s", reached, r.seconds(), why);
  }

  private void suggestions(PrintStream out) {
    if (job.data().startsWith("generated:")) {
      out.println(
          "             dlion train --link-mbit 20 --slow w3=4      thin links, a slow worker");
      out.println(
          "             dlion train --preset baseline --link-mbit 20 the same without DLion's"
              + " methods");
      out.println("             dlion train --data DIR                      your own data");
    }
  }

  private int exitCode(
      List<Outcome> outcomes, Ending ending, Optional<IOException> metricsFailure) {
    boolean good = ending.sound();
    for (Outcome o : outcomes) {
      if (o.failure().isPresent()) {
        good = false;
        console.err().println("dlion: worker " + o.worker() + " failed: " + o.failure().get());
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
