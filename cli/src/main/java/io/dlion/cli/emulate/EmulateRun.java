package io.dlion.cli.emulate;

import io.dlion.cli.console.Console;
import io.dlion.cli.console.Interruption;
import io.dlion.cli.console.Version;
import io.dlion.cli.job.Job;
import io.dlion.cli.problem.Problem;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.stream.Streams;
import io.dlion.monitor.comparison.Comparison;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Compares methods in virtual time, from opening the data to the table on the screen. */
final class EmulateRun implements Emulating {
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
    request
        .tuned()
        .files()
        .differences(
            request.environments().stream().map(Environment::name).toList(),
            job.model(),
            Optional.of(problem.data().name()))
        .forEach(console.err()::println);
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
    int fitting =
        RunsAtOnce.of(
            request.environments(),
            request.variants().stream().map(ComparedMethod::settings).toList(),
            problem,
            request.cores());
    int atOnce = Math.min(fitting, progress.runs());
    try (Trials trials =
        new Trials(atOnce, () -> interruption.requested() || stopped.getAsBoolean())) {
      RunEmulator trial = trial(request, problem, atOnce, trials);
      List<Contest> contests = new ArrayList<>();
      for (Environment environment : request.environments()) {
        Environment scaled =
            environment.forModel(request.job().model(), RunsAtOnce.modelBytes(problem));
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

  private static RunEmulator trial(
      EmulationRequest request, Problem problem, int atOnce, Trials trials) {
    return RunEmulator.of(
        problem,
        request.job(),
        request.variants().getFirst().settings(),
        request.budget(),
        request.evaluateEvery(),
        request.cores(),
        atOnce,
        trials::cancelled);
  }
}
