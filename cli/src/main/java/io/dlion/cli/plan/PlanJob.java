package io.dlion.cli.plan;

import io.dlion.cli.console.Version;
import io.dlion.cli.emulate.RunEmulator;
import io.dlion.cli.job.Draft;
import io.dlion.cli.job.Durations;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.JobKey;
import io.dlion.cli.job.Resolver;
import io.dlion.cli.option.Desks;
import io.dlion.core.Phrase;
import io.dlion.core.settings.Settings;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.SitedWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The recommended training as a job file for {@code dlion worker}. */
final class PlanJob {
  private static final int COMMANDS_MAX = 16;

  private PlanJob() {}

  /**
   * The job: data and model as they were given, the recommended method with all its settings, and
   * the target as goal, with the budget as the longest time.
   */
  static Job of(Plan plan) {
    PlanRequest request = plan.request();
    Settings settings = plan.method().settings();
    Map<JobKey, List<String>> more = new EnumMap<>(JobKey.class);
    more.put(JobKey.PRESET, List.of(plan.method().preset()));
    more.put(JobKey.WORKERS, List.of(Integer.toString(workers(plan).size())));
    more.put(JobKey.TARGET_ACCURACY, List.of(Double.toString(request.target())));
    Duration wholeSeconds = Duration.ofSeconds(request.budget().toSeconds());
    more.put(JobKey.TIME, List.of(Durations.text(wholeSeconds)));
    return Resolver.resolve(request.draft().overriddenBy(Draft.ofFlags(more)), request.names())
        .fitted(plan.problem().model().name(), settings);
  }

  /**
   * Those that take part: machines that only serve do so only where there is something to serve.
   */
  private static List<SitedWorker> workers(Plan plan) {
    Environment where = plan.where();
    return RunEmulator.hasServer(plan.method().settings())
        ? where.workers()
        : where.withoutServers().workers();
  }

  /** The job file. */
  static String yaml(Plan plan) {
    List<String> comments = new ArrayList<>(Version.current().lines());
    comments.add(plan.request().command());
    comments.add(PlanNotes.verdict(plan) + ".");
    if (!plan.decision().reached()) {
      comments.add(
          "This is the job of "
              + plan.decision().chosen().preset()
              + " all the same: it ends at the target or after the time below.");
    }
    plan.request()
        .sites()
        .silent()
        .forEach(site -> comments.add(PlanNotes.withoutSite(site) + "."));
    comments.add("On each machine, with its own data (--data DIR wins over the path below):");
    commands(plan, "job.yaml").forEach(line -> comments.add("  " + line));
    return of(plan).toYaml(comments);
  }

  /** What is typed on a machine. */
  private static String command(Plan plan, SitedWorker worker, String job) {
    Optional<Desks> known = plan.request().sites().measured().map(Sites.Measured::desks);
    return Phrase.of(
        "dlion worker %s --name %s --site %s --bind HOST:PORT --seeds %s %s",
        job,
        worker.id(),
        worker.site(),
        known.map(Desks::seeds).orElse("HOST:PORT,…"),
        known.filter(Desks::insecure).isPresent() ? "--insecure" : "--certs DIR");
  }

  /** The commands of all machines, as far as they fit. */
  static List<String> commands(Plan plan, String job) {
    List<SitedWorker> workers = workers(plan);
    List<String> commands = new ArrayList<>();
    workers.stream().limit(COMMANDS_MAX).forEach(w -> commands.add(command(plan, w, job)));
    if (workers.size() > COMMANDS_MAX) {
      commands.add(Phrase.of("… and %d more", workers.size() - COMMANDS_MAX));
    }
    return commands;
  }
}
