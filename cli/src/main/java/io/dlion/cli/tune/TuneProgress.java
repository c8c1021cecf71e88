package io.dlion.cli.tune;

import io.dlion.cli.console.Console;
import io.dlion.core.Phrase;
import io.dlion.core.tune.TrialScore;

/** A line for each trial that is done, and how many there will be. Thread safe. */
final class TuneProgress {
  private final Console console;
  private final int all;
  private int done;

  TuneProgress(Console console, int all) {
    this.console = console;
    this.all = all;
  }

  /** Prints a line. */
  synchronized void say(String line) {
    console.out().println(line);
    console.out().flush();
  }

  /** A trial is done. */
  void done(Attempt attempt, TrialScore score, double wallSeconds) {
    line(attempt, score, Phrase.of("%.0f s of wall time", wallSeconds));
  }

  /** A trial was done before. */
  void kept(Attempt attempt, TrialScore score) {
    line(attempt, score, "kept");
  }

  private synchronized void line(Attempt attempt, TrialScore score, String how) {
    done++;
    say(Phrase.of("%3d/%d  %s  %s  (%s)", done, all, attempt.title(), text(score), how));
  }

  /** What came of a trial, for people. */
  static String text(TrialScore score) {
    if (score.diverged()) {
      return "diverged";
    }
    String accuracy = Phrase.of("accuracy %.3f", score.accuracy());
    return score.secondsToTarget().isPresent()
        ? Phrase.of("target after %.0f s, %s", score.secondsToTarget().getAsDouble(), accuracy)
        : accuracy;
  }
}
