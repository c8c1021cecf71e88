package io.dlion.cli.survey;

import io.dlion.cluster.survey.HostFacts;
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
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Lets workers time gradients: those of one machine one after the other, and then all at once,
 * which shows how much its cores slow each other. Machines are measured at the same time.
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
    int most = machines(sites).values().stream().mapToInt(MachineSurvey::turns).max().orElse(0);
    return Phrase.of(
        "timing gradients of %s takes about %d s",
        sites.size() == 1 ? "a worker" : sites.size() + " workers",
        most * (request.stepSeconds() + request.stepSeconds() / 3));
  }

  /** Each worker's own, and that of all of them. */
  private static int turns(List<Site> machine) {
    return machine.size() == 1 ? 1 : machine.size() + 1;
  }

  private static Map<String, List<Site>> machines(List<Site> sites) {
    Map<String, List<Site>> machines = new LinkedHashMap<>();
    sites.forEach(s -> machines.computeIfAbsent(s.host().machine(), _ -> new ArrayList<>()).add(s));
    return machines;
  }

  /** Those that could be timed. */
  TimedSites time(List<Site> sites) throws InterruptedException {
    Map<String, Double> slowdowns = new ConcurrentHashMap<>();
    List<Callable<List<Site.Timed>>> machines = new ArrayList<>();
    machines(sites)
        .forEach((id, some) ->
            machines.add(() -> {
              List<Site.Timed> timed = onOne(some);
              if (timed.size() > 1) {
                slowdowns.put(id, slowdown(timed));
              }
              return timed;
            }));
    List<Site.Timed> all = new ArrayList<>();
    for (Future<List<Site.Timed>> each : atOnce(machines)) {
      try {
        all.addAll(each.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    all.sort(Comparator.comparing(t -> t.site().worker()));
    return new TimedSites(all, slowdowns);
  }

  /** Returns when all are done. */
  private static <T> List<Future<T>> atOnce(List<Callable<T>> tasks) throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.invokeAll(tasks);
    }
  }

  /** All workers of a machine compute at the same time; where one cannot, nothing is known. */
  private double slowdown(List<Site.Timed> alone) throws InterruptedException {
    String names = String.join(", ", alone.stream().map(t -> t.site().worker().name()).toList());
    String what = names + ": time gradients at the same time";
    progress.begins(what);
    try {
      List<StepFacts> together = new ArrayList<>();
      List<Callable<StepFacts>> asked = new ArrayList<>();
      alone.forEach(each -> asked.add(() -> steps(each.site())));
      for (Future<StepFacts> each : atOnce(asked)) {
        together.add(each.get());
      }
      HostFacts host = alone.getFirst().site().host();
      double slowdown =
          Crowding.slowdown(
              alone.stream().map(Site.Timed::steps).toList(),
              together,
              alone.stream().mapToInt(t -> Math.min(t.site().host().threads(), host.cores())).sum(),
              host.cores());
      progress.say(
          Phrase.of(
              "  %-16s at the same time: each of %d cores takes %.2f times as long",
              names, host.cores(), slowdown));
      return slowdown;
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof IOException why)) {
        throw new IllegalStateException(e.getCause());
      }
      progress.say(Phrase.of("  %-16s not measured at the same time: %s", names, why.getMessage()));
      return 1;
    } finally {
      progress.ends(what);
    }
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
