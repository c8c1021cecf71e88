package io.dlion.cli.tune;

import io.dlion.cli.console.Console;
import io.dlion.cli.emulate.TimeLeft;
import io.dlion.core.Phrase;
import io.dlion.core.tune.Standing;
import io.dlion.core.tune.TrialScore;
import io.dlion.monitor.comparison.trace.SeedRun;
import java.util.ArrayList;
import java.util.List;

/** A line for each trial that is done, and how many there will be. Thread safe. */
final class TuneProgress {
  private final Console console;
  private final TimeLeft left;

  TuneProgress(Console console, TimeLeft left) {
    this.console = console;
    this.left = left;
  }

  /** Prints a line. */
  synchronized void say(String line) {
    console.out().println(line);
    console.out().flush();
  }

  /** A trial is done. */
  synchronized void done(Attempt attempt, TrialScore score, SeedRun run, double wallSeconds) {
    left.done(attempt.seconds(), run, wallSeconds);
    line(attempt, score, Phrase.of("%.0f s of wall time%s", wallSeconds, left.text()));
  }

  /** A trial was done before. */
  synchronized void kept(Attempt attempt, TrialScore score) {
    left.kept(attempt.seconds());
    line(attempt, score, "kept");
  }

  private void line(Attempt attempt, TrialScore score, String how) {
    say(
        Phrase.of(
            "%s  %s  %s  (%s)", left.count(), attempt.title(), text(Standing.of(score)), how));
  }

  /** What came of trials, for people. */
  static String text(Standing standing) {
    int trials = standing.trials().size();
    List<String> parts = new ArrayList<>();
    if (standing.reached() > 0) {
      parts.add(
          Phrase.of("target after %.0f s", standing.secondsToTarget().orElseThrow())
              + some(standing.reached(), trials));
    } else if (standing.diverged() == 0) {
      parts.add(Phrase.of("accuracy %.3f", standing.accuracy()));
    }
    if (standing.diverged() > 0) {
      parts.add("diverged" + some(standing.diverged(), trials));
    }
    return String.join(", ", parts);
  }

  private static String some(int count, int trials) {
    return count == trials ? "" : " in " + count + " of " + trials + " trials";
  }
}
