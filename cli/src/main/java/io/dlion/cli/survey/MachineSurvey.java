package io.dlion.cli.survey;

import io.dlion.cluster.survey.StepFacts;
import io.dlion.cluster.survey.SurveyQuestion;
import io.dlion.core.Phrase;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Lets workers time gradients: those of one machine one after the other, machines at the same time.
 *
 * @param leftOut takes who could not be measured, with the reason
 */
record MachineSurvey(
    Surveyor surveyor,
    SurveyRequest request,
    SurveyProgress progress,
    Map<String, String> leftOut) {
  /** Data may have to be opened, and slow machines time a few gradients in any case. */
  private static final int PATIENCE_SECONDS = 120;

  /** How long it will take, for people. */
  String announcement(List<Site> sites) {
    int most = machines(sites).values().stream().mapToInt(List::size).max().orElse(0);
    return Phrase.of(
        "timing gradients of %s takes about %d s",
        sites.size() == 1 ? "a worker" : sites.size() + " workers",
        most * (request.stepSeconds() + request.stepSeconds() / 3));
  }

  private static Map<String, List<Site>> machines(List<Site> sites) {
    Map<String, List<Site>> machines = new LinkedHashMap<>();
    sites.forEach(s -> machines.computeIfAbsent(s.host().machine(), _ -> new ArrayList<>()).add(s));
    return machines;
  }

  /** Those that could be timed, in the order of their names. */
  List<Site.Timed> time(List<Site> sites) throws InterruptedException {
    List<Future<List<Site.Timed>>> under = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      machines(sites).values().forEach(some -> under.add(threads.submit(() -> onOne(some))));
    }
    List<Site.Timed> all = new ArrayList<>();
    for (Future<List<Site.Timed>> each : under) {
      try {
        all.addAll(each.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    all.sort(Comparator.comparing(t -> t.site().worker()));
    return all;
  }

  private List<Site.Timed> onOne(List<Site> machine) throws InterruptedException {
    List<Site.Timed> timed = new ArrayList<>();
    for (Site site : machine) {
      String what = site.worker() + ": times gradients";
      progress.begins(what);
      try {
        timed.add(new Site.Timed(site, steps(site)));
        progress.say(line(timed.getLast()));
      } catch (IOException e) {
        synchronized (leftOut) {
          leftOut.put(site.worker().name(), String.valueOf(e.getMessage()));
        }
        progress.say("left out: " + site.worker() + ": " + e.getMessage());
      } finally {
        progress.ends(what);
      }
    }
    return timed;
  }

  private StepFacts steps(Site site) throws IOException, InterruptedException {
    return surveyor.ask(
        site.contact(),
        new SurveyQuestion.Steps(request.model(), request.stepSeconds()),
        Duration.ofSeconds(3L * request.stepSeconds() + PATIENCE_SECONDS),
        StepFacts::read);
  }

  private static String line(Site.Timed timed) {
    StepFacts steps = timed.steps();
    return Phrase.of(
        "  %-16s %s: %.2f ms + %.3f ms for each sample%s (%d gradients, %d of %d cores)",
        timed.site().worker(),
        steps.model(),
        1e3 * steps.alphaSeconds(),
        1e3 * steps.betaSeconds(),
        steps.restSeconds() == 0 ? "" : Phrase.of(", rests %.0f ms", 1e3 * steps.restSeconds()),
        steps.gradients(),
        timed.site().host().threads(),
        timed.site().host().cores());
  }
}
