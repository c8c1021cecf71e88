package io.dlion.cli.emulate;

import io.dlion.cli.console.Console;
import io.dlion.cli.console.Interruption;
import io.dlion.cli.console.Version;
import io.dlion.cli.job.Job;
import io.dlion.cli.problem.Problem;
import io.dlion.core.learn.Examples;
import io.dlion.core.stream.Feed;
import io.dlion.core.stream.StreamRule;
import io.dlion.data.partition.Partition;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.stream.Streams;
import io.dlion.monitor.comparison.Comparison;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Compares methods in virtual time, from opening the data to the table on the screen. */
final class EmulateRun implements Emulating {
  private static final long BYTES_PER_PARAMETER = 4;

  /** What a worker's replica takes, in copies of the model. */
  private static final long COPIES_OF_A_REPLICA = 10;

  /** What a link to a peer takes: what it owes, what is anticipated of it, and a message. */
  private static final long COPIES_OF_A_LINK = 3;

  private final BooleanSupplier stopped;

  /** Until it is done, or somebody interrupts the process. */
  EmulateRun() {
    this(() -> false);
  }

  /** Until then, or until this says that it is to stop. */
  EmulateRun(BooleanSupplier stopped) {
    this.stopped = stopped;
  }

  @Override
  public int run(EmulationRequest asked, Console console) throws IOException, InterruptedException {
    Problem opened = Problem.open(asked.job());
    Problem problem = asked.validation() ? opened.forValidation() : opened;
    EmulationRequest request = asked.fittedTo(problem);
    for (Environment environment : request.environments()) {
      Streams.require(environment, problem.data().train().shape());
      if (request.variants().stream().anyMatch(v -> !RunEmulator.hasServer(v.settings()))) {
        environment.requireWaysWithoutServers();
      }
    }
    Job job = request.job();
    RunFolder folder =
        RunFolder.create(
            Path.of(job.out()),
            job.name().orElse("emulate"),
            Instant.now(),
            console.err()::println);
    EmulationRecord record = new EmulationRecord(request, job, problem, Version.current());
    folder.writeAtomically(folder.job(), record.toYaml());
    try (Interruption interruption = new Interruption();
        EmulationProgress progress = new EmulationProgress(console, request)) {
      progress.say(problem.data().description());
      progress.say(record.summary() + "; run folder " + folder.path());
      List<Comparison> comparisons = compare(request, problem, folder, progress, interruption);
      progress.clear();
      if (comparisons.isEmpty()) {
        return 1;
      }
      return new EmulationResult(comparisons, folder, console, record).write(request.csv());
    }
  }

  private List<Comparison> compare(
      EmulationRequest request,
      Problem problem,
      RunFolder folder,
      EmulationProgress progress,
      Interruption interruption)
      throws IOException, InterruptedException {
    int atOnce = Math.min(atOnce(request, problem), progress.runs());
    try (Trials trials =
        new Trials(atOnce, () -> interruption.requested() || stopped.getAsBoolean())) {
      RunEmulator trial = trial(request, problem, atOnce, trials);
      List<Contest> contests = new ArrayList<>();
      for (Environment environment : request.environments()) {
        Environment scaled =
            environment.forModel(
                request.job().model(),
                problem.model().parameters().elements() * BYTES_PER_PARAMETER);
        contests.add(
            new Contest(
                request, problem, scaled, contests.size(), trial, trials, folder, progress));
      }
      List<Comparison> comparisons = new ArrayList<>();
      List<String> left = new ArrayList<>();
      for (Contest contest : contests) {
        contest.result().ifPresentOrElse(comparisons::add, () -> left.add(contest.environment()));
      }
      if (!left.isEmpty()) {
        progress.say(
            "stopped on request: no method was run with every seed in " + String.join(", ", left));
      }
      return comparisons;
    }
  }

  /** A trial for each core, as far as half the memory will do for them. */
  private static int atOnce(EmulationRequest request, Problem problem) {
    long workers =
        request.environments().stream().mapToLong(e -> e.workers().size()).max().orElse(1);
    long copies = workers * (COPIES_OF_A_REPLICA + (workers - 1) * COPIES_OF_A_LINK);
    long each =
        copies * problem.model().parameters().elements() * BYTES_PER_PARAMETER
            + workers * streamBytes(request, problem);
    long fit = Runtime.getRuntime().maxMemory() / 2 / Math.max(1, each);
    return Math.clamp(fit, 1, request.cores());
  }

  /** What the records take that a worker keeps, and those of its last checkpoint. */
  private static long streamBytes(EmulationRequest request, Problem problem) {
    if (request.environments().stream().noneMatch(Environment::hasStreams)) {
      return 0;
    }
    return request.variants().stream()
        .mapToLong(v -> 2 * Feed.bytes(StreamRule.of(v.settings()), problem.data().train().shape()))
        .max()
        .orElse(0);
  }

  private static RunEmulator trial(
      EmulationRequest request, Problem problem, int atOnce, Trials trials) {
    Examples test =
        Problem.sample(
            problem.data().test(),
            request.variants().getFirst().settings().smallInteger("evaluate.examples"),
            1);
    return new RunEmulator(
        problem.data(),
        test,
        problem.model(),
        Partition.parse(request.job().partition()),
        request.budget().toNanos(),
        request.evaluateEvery().toNanos(),
        request.cores() / atOnce,
        trials::cancelled);
  }
}
