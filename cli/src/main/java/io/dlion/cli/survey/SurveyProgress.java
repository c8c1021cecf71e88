package io.dlion.cli.survey;

import io.dlion.cli.console.Console;
import io.dlion.core.Phrase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tells people who is being measured, and every {@value #EVERY_SECONDS} s since when. Safe for
 * several threads.
 */
final class SurveyProgress implements AutoCloseable {
  private static final int EVERY_SECONDS = 5;

  private final Console console;
  private final Map<String, Long> sinceNanos = new LinkedHashMap<>(); // guarded by this
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("dlion-survey").daemon().factory());

  SurveyProgress(Console console) {
    this.console = console;
    var _ = ticker.scheduleAtFixedRate(this::tick, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
  }

  private synchronized void tick() {
    long now = System.nanoTime();
    sinceNanos.forEach((what, since) -> {
      long seconds = (now - since) / 1_000_000_000;
      if (seconds >= EVERY_SECONDS) {
        say(Phrase.of("  %s (for %d s)", what, seconds));
      }
    });
  }

  synchronized void begins(String what) {
    sinceNanos.put(what, System.nanoTime());
  }

  synchronized void ends(String what) {
    sinceNanos.remove(what);
  }

  synchronized void say(String line) {
    console.out().println(line);
    console.out().flush();
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
