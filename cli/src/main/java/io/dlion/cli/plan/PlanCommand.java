package io.dlion.cli.plan;

import io.dlion.cli.console.Console;
import io.dlion.cli.emulate.Changes;
import io.dlion.cli.emulate.ComparedMethod;
import io.dlion.cli.emulate.EmulatedRuns;
import io.dlion.cli.job.Draft;
import io.dlion.cli.job.Durations;
import io.dlion.cli.job.JobKey;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.job.Resolver;
import io.dlion.cli.option.CallerOptions;
import io.dlion.cli.option.FlagRange;
import io.dlion.cli.option.JobFlag;
import io.dlion.cli.survey.SurveyRequest;
import io.dlion.cluster.survey.SurveyQuestion;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.tune.Halving;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.SitedWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dlion plan}: reads what is to be planned. */
@Command(
    name = "plan",
    description = {
      "Before deploying: which method to take for your sites, and what to expect of it.",
      "",
      "Tunes each method with a few trials, emulates all of them on your sites, and recommends one:"
          + " its settings, the time to the target, bytes on each link and their price, and what one"
          + " more worker, a faster line or a faster machine would gain. A method that needs no"
          + " tuning is preferred unless another is better by more than chance."
    },
    sortOptions = false,
    customSynopsis = "Usage: dlion plan --environment FILE | --seeds HOST:PORT,… [OPTION]...",
    synopsisHeading = "",
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion plan --environment sites.yaml --data DIR --model cnn --target 85%% --budget 600s \\",
      "             --cost-per-gb 0.08 --out plan",
      "        writes plan/plan.html, plan/plan.json and plan/job.yaml. Stopped, the same goes on",
      "  dlion worker plan/job.yaml --name w1 …",
      "        does what the plan says",
      "  dlion plan --seeds 10.0.0.1:7800 --certs certs/anna --data DIR --target 85%% --out plan",
      "        for workers that are up and wait (--min-workers), and the model of their job"
    })
public final class PlanCommand implements Callable<Integer> {
  private static final List<JobKey> DATA_KEYS = JobKey.readingAnd(JobKey.PARTITION, JobKey.MODEL);
  private static final List<String> PRESETS =
      List.of("dlion", "ako", "diloco-async", "diloco", "sparseloco");
  private static final List<String> SERVER_PRESETS = List.of("adsp", "ssp");
  private static final int TRIALS_MAX = 1000;
  private static final int RUNS_MIN = 2;
  private static final int RUNS_MAX = 100;
  private static final int SAMPLE_MIN = 100;
  private static final double COST_MAX = 1e6;

  private final KnownNames names;
  private final Planning planning;
  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--environment",
      paramLabel = "FILE|NAME",
      description =
          "Your sites: a YAML file (dlion environments example shows how), or one of dlion"
              + " environments. Bandwidths are taken as they are.")
  private @Nullable String environment;

  @Option(
      names = "--seeds",
      paramLabel = "HOST:PORT,…",
      description =
          "Instead of --environment: measure the workers of a cluster that waits or is paused, as"
              + " dlion survey does. What was found is in sites.yaml of the plan's folder.")
  private @Nullable String seeds;

  @Mixin private CallerOptions caller = new CallerOptions();

  @Option(
      names = "--step-seconds",
      paramLabel = "N",
      description = "With --seeds: for timing gradients at each worker, about. Default: 10.")
  private @Nullable Integer stepSeconds;

  @Option(
      names = "--preset",
      split = ",",
      paramLabel = "[NAME=]PRESET",
      description =
          "Methods to choose from. Default: dlion,ako,diloco-async,diloco,sparseloco, and"
              + " adsp,ssp where a machine only serves.")
  private @Nullable List<String> presets;

  @Option(
      names = "--budget",
      paramLabel = "TIME",
      description = "Virtual time of each run, in which the target is to be reached. Default: 10m.")
  private String budget = "10m";

  @Mixin private EmulatedRuns runs = new EmulatedRuns();

  @Option(
      names = "--trials",
      paramLabel = "N",
      description = "Settings to try of each method; 1: none is tuned. Default: 4.")
  private int trials = 4;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Runs of each method after that, each with a seed of its own. Default: 3.")
  private int repeated = 3;

  @Option(
      names = "--sample",
      paramLabel = "N",
      description =
          "Plan with so many training examples, drawn at random, where there are more. Default:"
              + " 60000.")
  private int sample = 60_000;

  @Option(
      names = "--cost-per-gb",
      paramLabel = "PRICE",
      description = "Price of 10^9 bytes that leave a site, in any currency.")
  private @Nullable Double costPerGb;

  @Option(
      names = "--no-what-if",
      description = "Do not look what a worker more, a faster line or a faster machine would gain.")
  private boolean withoutWhatIf;

  @Option(
      names = "--more-like",
      paramLabel = "WORKER",
      description = "Whom one more worker would be like. Default: the fastest.")
  private @Nullable String like;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Gets the plan, and keeps each run that is done, so that a stopped command goes on when it"
              + " is run again. Default: plan.")
  private Path out = Path.of("plan");

  private PlanCommand(KnownNames names, Planning planning, Console console) {
    this.names = names;
    this.planning = planning;
    this.console = console;
  }

  /** The command with its flags. */
  public static CommandLine commandLine(KnownNames names, Console console) {
    return commandLine(names, new PlanRun(), console);
  }

  static CommandLine commandLine(KnownNames names, Planning planning, Console console) {
    return JobFlag.line(new PlanCommand(names, planning, console), DATA_KEYS);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    double target =
        runs.target()
            .orElseThrow(() ->
                new UserError("--target: expected an accuracy to reach such as 0.85, found none"));
    Duration time = Durations.atLeastOneSecond("--budget", budget);
    FlagRange.requireUpTo("--trials", trials, TRIALS_MAX);
    requireRuns();
    OptionalDouble cost = cost();
    JobFlag.job(spec, DATA_KEYS, names); // whether it can be read, before anything is measured
    Changes changes = runs.changes();
    Sites sites = sites(time, changes);
    List<ComparedMethod> methods = methods(sites.environment(), changes);
    long shortest = Halving.rungs(trials, time.toNanos()).getFirst().nanos();
    methods.forEach(
        method -> method.requirePossible(List.of(sites.environment()), Duration.ofNanos(shortest)));
    Map<String, Set<String>> fixed = new LinkedHashMap<>();
    methods.forEach(method ->
        fixed.put(method.name(), ComparedMethod.changedKeys(method.name(), changes.ofMethods())));
    Draft draft = draft(sites);
    return planning.run(
        new PlanRequest(
            sites,
            methods,
            fixed,
            draft,
            Resolver.resolve(draft, names),
            names,
            target,
            time,
            runs.evaluateEvery(time),
            trials,
            repeated,
            sample,
            cost,
            !withoutWhatIf,
            like(sites.environment()),
            runs.cores(),
            out,
            JobFlag.typed(spec)),
        console);
  }

  private void requireRuns() {
    if (repeated < RUNS_MIN || repeated > RUNS_MAX) {
      throw new UserError(
          "--runs: expected "
              + RUNS_MIN
              + " to "
              + RUNS_MAX
              + " (a single run says nothing of chance), found "
              + repeated);
    }
    if (sample < SAMPLE_MIN) {
      throw new UserError("--sample: expected at least " + SAMPLE_MIN + ", found " + sample);
    }
  }

  /** Where the sites are known from. */
  private SiteSource source() {
    if (environment == null && seeds == null) {
      throw new UserError(
          "--environment: expected a file that describes your sites (dlion environments example"
              + " shows one), or --seeds with the address of a worker that is up, found neither");
    }
    if (environment != null && seeds != null) {
      throw new UserError(
          "--seeds: contradicts --environment, which says what the sites are; leave one of them out");
    }
    if (seeds != null) {
      int seconds = Objects.requireNonNullElse(stepSeconds, SurveyRequest.STEP_SECONDS);
      FlagRange.requireUpTo("--step-seconds", seconds, SurveyQuestion.Steps.SECONDS_MAX);
      return new SurveyedSites(caller.desks(seeds), modelToTime(), seconds, out, console);
    }
    if (caller.areGiven() || stepSeconds != null) {
      throw new UserError(
          (stepSeconds == null ? "--certs and --insecure: go" : "--step-seconds: goes")
              + " with --seeds, found --environment");
    }
    return new EnvironmentSites(Objects.requireNonNull(environment));
  }

  /** The model whose gradients workers time; empty where it is to be that of their job. */
  private Optional<String> modelToTime() {
    Optional<String> model =
        Optional.ofNullable(JobFlag.given(spec, DATA_KEYS).get(JobKey.MODEL)).map(List::getLast);
    model
        .filter(name -> !names.models().contains(name))
        .ifPresent(name -> {
          throw new UserError(
              "--model "
                  + name
                  + ": expected with --seeds the name of a built-in model (dlion models lists them);"
                  + " leave it out for the model of the workers' job");
        });
    return model;
  }

  /** Data and model as they were given, or the model that workers have timed. */
  private Draft draft(Sites sites) {
    Draft given = Draft.ofFlags(JobFlag.given(spec, DATA_KEYS));
    if (sites.measured().isEmpty() || given.has(JobKey.MODEL)) {
      return given;
    }
    String model = sites.measured().get().model();
    if (!names.models().contains(model) && !Files.exists(Path.of(model))) {
      throw new UserError(
          "the workers would train "
              + model
              + ", a file that is not on this machine; copy it to the same path here, or give --model");
    }
    return given.overriddenBy(Draft.ofFlags(Map.of(JobKey.MODEL, List.of(model))));
  }

  private Sites sites(Duration time, Changes changes) throws IOException, InterruptedException {
    Sites found = source().sites();
    Environment where = changes.applied(found.environment().withBudget(time.toNanos()));
    if (where.hasStreams()) {
      throw new UserError(
          where.name()
              + ": records arrive there while training goes on, and a plan is for data that is there"
              + " from the beginning. Leave stream out of the environment (dlion emulate compares"
              + " methods on streams)");
    }
    return found.with(
        where,
        found.identity() + (changes.adjustments().values().isEmpty() ? "" : " " + where.name()));
  }

  private List<ComparedMethod> methods(Environment where, Changes changes) {
    List<String> chosen = new ArrayList<>(presets == null ? PRESETS : presets);
    if (presets == null
        && where.workers().stream().anyMatch(worker -> !where.trains(worker.id()))) {
      chosen.addAll(SERVER_PRESETS);
    }
    List<ComparedMethod> methods = ComparedMethod.read(chosen, changes.ofMethods());
    methods.stream()
        .map(ComparedMethod::name)
        .filter(name -> name.endsWith(Contender.TUNED))
        .forEach(name -> {
          throw new UserError(
              "--preset: expected a name that does not end in "
                  + Contender.TUNED
                  + ", which is what tuned methods are called, found "
                  + name);
        });
    return methods;
  }

  private OptionalDouble cost() {
    if (costPerGb == null) {
      return OptionalDouble.empty();
    }
    if (!(costPerGb >= 0 && costPerGb <= COST_MAX)) {
      throw new UserError("--cost-per-gb: expected a price of at least 0, found " + costPerGb);
    }
    return OptionalDouble.of(costPerGb);
  }

  private Optional<WorkerId> like(Environment where) {
    if (like == null) {
      return Optional.empty();
    }
    List<WorkerId> training =
        where.workers().stream().map(SitedWorker::id).filter(where::trains).toList();
    return Optional.of(
        training.stream()
            .filter(id -> id.name().equals(like))
            .findFirst()
            .orElseThrow(() ->
                new UserError(
                    "--more-like: expected a worker of "
                        + where.name()
                        + " that trains ("
                        + training.stream().map(WorkerId::name).collect(Collectors.joining(", "))
                        + "), found "
                        + like)));
  }
}
