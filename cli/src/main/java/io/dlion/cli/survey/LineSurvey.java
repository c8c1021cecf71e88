package io.dlion.cli.survey;

import io.dlion.cluster.survey.LineFacts;
import io.dlion.cluster.survey.ProbeLimits;
import io.dlion.cluster.survey.SurveyQuestion;
import io.dlion.core.Phrase;
import io.dlion.core.WorkerPair;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Lets workers measure their lines: each alone, in rounds whose lines do not touch; then all lines
 * of a worker to other places at the same time, one worker after the other, since what its access
 * link carries may be more than any line alone shows.
 *
 * @param limits of each line
 * @param notes takes what could not be measured
 */
record LineSurvey(
    Surveyor surveyor, ProbeLimits limits, SurveyProgress progress, List<String> notes) {
  private static final double BYTES_PER_MBIT = 125_000;

  /** Round trips, connections, and what is still under way at the end. */
  private static final int SLACK_SECONDS = 60;

  /** What it will send, and how long it will take, for people. */
  String announcement(List<Site> sites) {
    long lines = sites.size() * (sites.size() - 1L) / 2;
    int turns =
        LineRounds.of(sites).size() + (int) sites.stream().filter(s -> fans(s, sites)).count();
    return Phrase.of(
        "%s: at most %.0f MB each way on each, twice, in about %.0f s",
        lines == 1 ? "1 line" : lines + " lines",
        Math.ceil(limits.bytes() / 1e6),
        turns * 2 * limits.millis() / 1e3);
  }

  private static boolean fans(Site site, List<Site> sites) {
    return elsewhere(site, sites).size() > 1;
  }

  private static List<Site> elsewhere(Site site, List<Site> sites) {
    return sites.stream().filter(s -> !s.place().equals(site.place())).toList();
  }

  LineTable measure(List<Site> sites) throws InterruptedException {
    LineTable table = new LineTable();
    for (List<LineRounds.Pair> round : LineRounds.of(sites)) {
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        round.forEach(pair -> threads.execute(() -> alone(pair, table)));
      }
    }
    for (Site site : sites) {
      List<Site> others =
          elsewhere(site, sites).stream()
              .filter(o -> table.rate(site.worker(), o.worker()).isPresent())
              .toList();
      if (others.size() > 1) {
        together(site, others, table);
      }
    }
    return table;
  }

  private void alone(LineRounds.Pair pair, LineTable table) {
    Site one = pair.one();
    Site other = pair.other();
    for (LineFacts facts : ask(one, List.of(other))) {
      switch (facts) {
        case LineFacts.Measured m -> {
          table.measured(
              one.worker(),
              other.worker(),
              m.roundTripSeconds(),
              m.outBytesPerSecond(),
              m.inBytesPerSecond(),
              !one.place().equals(other.place()));
          progress.say(
              Phrase.of(
                  "  %-16s %s Mbit/s to and %s Mbit/s from %s, round trip %.1f ms",
                  one.worker(),
                  mbit(m.outBytesPerSecond()),
                  mbit(m.inBytesPerSecond()),
                  other.worker(),
                  1e3 * m.roundTripSeconds()));
        }
        case LineFacts.Relayed _ -> {
          table.relayed(new WorkerPair(one.worker(), other.worker()));
          progress.say("  " + one.worker() + " reaches " + other.worker() + " only over others");
        }
        case LineFacts.Failed f -> unknown(one, other.worker().name(), f.why());
      }
    }
  }

  private void together(Site site, List<Site> others, LineTable table) {
    double up = 0;
    double down = 0;
    for (LineFacts facts : ask(site, others)) {
      if (facts instanceof LineFacts.Measured m) {
        up += m.outBytesPerSecond();
        down += m.inBytesPerSecond();
      }
    }
    if (up > 0 && down > 0) {
      table.carried(site.worker(), new LineTable.Access(up, down));
      progress.say(
          Phrase.of(
              "  %-16s %s Mbit/s to and %s Mbit/s from all at once",
              site.worker(), mbit(up), mbit(down)));
    }
  }

  private static String mbit(double bytesPerSecond) {
    return Phrase.of(
        bytesPerSecond < 10 * BYTES_PER_MBIT ? "%.2f" : "%.1f", bytesPerSecond / BYTES_PER_MBIT);
  }

  private List<LineFacts> ask(Site site, List<Site> others) {
    Map<UUID, Site> wanted =
        others.stream().collect(Collectors.toMap(o -> o.contact().id(), Function.identity()));
    ProbeLimits each =
        new ProbeLimits(limits.millis(), Math.max(1, limits.bytes() / others.size()));
    String names = others.stream().map(o -> o.worker().name()).collect(Collectors.joining(", "));
    String what = site.worker() + ": measures lines to " + names;
    progress.begins(what);
    try {
      List<LineFacts> found =
          surveyor.ask(
              site.contact(),
              new SurveyQuestion.Lines(others.stream().map(o -> o.contact().id()).toList(), each),
              Duration.ofSeconds(2L * limits.millis() / 1000 + SLACK_SECONDS),
              LineFacts::read);
      return found.stream().filter(f -> wanted.containsKey(f.target())).toList();
    } catch (IOException e) {
      unknown(site, names, String.valueOf(e.getMessage()));
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } finally {
      progress.ends(what);
    }
  }

  private void unknown(Site site, String others, String why) {
    String note = "the line from " + site.worker() + " to " + others + " is not known: " + why;
    synchronized (notes) {
      notes.add(note);
    }
    progress.say(note);
  }
}
