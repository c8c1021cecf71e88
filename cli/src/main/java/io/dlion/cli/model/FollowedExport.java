package io.dlion.cli.model;

import io.dlion.cli.console.Console;
import io.dlion.cli.job.Durations;
import io.dlion.cli.model.Exporting.Output;
import io.dlion.cli.model.ModelWatch.Found;
import io.dlion.core.Phrase;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes the newest model of a run that goes on, again whenever there is a newer one, until the run
 * has ended or somebody asks to stop. Whoever reads the file finds a whole model at every moment. A
 * failure of the disk is told, the file stays as it was, and the next look tries again. Confined to
 * one thread.
 */
final class FollowedExport {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final int KILO = 1000;

  private final ModelWatch watch;
  private final Output output;
  private final Console console;
  private final Clock clock;
  private String failure = "";

  /** Has written nothing. */
  FollowedExport(ModelWatch watch, Output output, Console console, Clock clock) {
    this.watch = watch;
    this.output = output;
    this.console = console;
    this.clock = clock;
  }

  /** Waits between two looks. */
  @FunctionalInterface
  interface Pause {
    /** Returns after that time, or earlier with true if somebody has asked to stop. */
    boolean isStoppedWithin(Duration time) throws InterruptedException;
  }

  /**
   * Goes on until the end.
   *
   * @param every the time between two looks
   * @return the exit code
   */
  int run(Duration every, Pause pause) throws IOException, InterruptedException {
    say(
        Phrase.of(
            "following %s: its newest model goes to %s, a look every %s; Ctrl-C ends it",
            watch.folder().path(), output.file(), Durations.text(every)));
    boolean ended = look();
    if (!ended && !watch.hasFound()) {
      say("waiting for the first checkpoint of " + watch.folder().path() + " since " + now());
    }
    while (!ended) {
      if (pause.isStoppedWithin(every)) {
        say("stopped" + (watch.hasFound() ? ": " + output.file() + " stays as it is" : ""));
        return 0;
      }
      ended = look();
    }
    return ended();
  }

  /** Looks once; true when the run has ended and its last model is written. */
  private boolean look() {
    try {
      boolean over = watch.hasResultAndNobodyTrains();
      Optional<Found> found = watch.look(why -> warn("not exported: " + why));
      if (found.isPresent()) {
        write(found.get());
      }
      failure = "";
      return over && watch.isAtEnd();
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.equals(failure)) {
        warn(message + "; the next look tries again");
      }
      failure = message;
      watch.forget();
      return false;
    }
  }

  private void write(Found found) throws IOException {
    found.model().export(output.format(), output.file());
    StringBuilder line = new StringBuilder(now()).append("  wrote ").append(output.file());
    line.append(" (").append(size(Files.size(output.file()))).append("): ").append(found.what());
    found
        .accuracy()
        .ifPresent(accuracy ->
            line.append(found.ofEnd() ? ", " : ", best evaluation so far ")
                .append(
                    found.isRegression()
                        ? Phrase.of("R² %.3f", accuracy)
                        : Phrase.of("%.1f %% accuracy", 100 * accuracy)));
    say(line.toString());
  }

  private int ended() {
    if (watch.hasFound()) {
      say("the run has ended: " + output.file() + " is its last model");
      return 0;
    }
    console
        .err()
        .println(
            "dlion: " + watch.folder().path() + ": the run has ended without a model that is good");
    console.err().flush();
    return 1;
  }

  private static String size(long bytes) {
    return bytes < KILO * KILO
        ? Phrase.of("%.1f kB", (double) bytes / KILO)
        : Phrase.of("%.1f MB", (double) bytes / KILO / KILO);
  }

  private String now() {
    return TIME.format(LocalDateTime.now(clock));
  }

  private void warn(String text) {
    console.err().println("warning: " + text);
    console.err().flush();
  }

  private void say(String line) {
    console.out().println(line);
    console.out().flush();
  }
}
