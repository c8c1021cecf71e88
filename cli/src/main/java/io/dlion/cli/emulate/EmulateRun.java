package io.dlion.cli.emulate;

import io.dlion.cli.Console;
import io.dlion.cli.Version;
import io.dlion.cli.job.Job;
import io.dlion.cli.run.Interruption;
import io.dlion.cli.run.Problem;
import io.dlion.core.learn.Examples;
import io.dlion.data.Partition;
import io.dlion.emulator.environment.Environment;
import io.dlion.monitor.RunFolder;
import io.dlion.monitor.comparison.Comparison;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Compares methods in virtual time, from opening the data to the table on the screen. */
final class EmulateRun implements Emulating {
  private static final long BYTES_PER_PARAMETER = 4;

  @Override
  public int run(EmulationRequest asked, Console console) throws IOException, InterruptedException {
    Problem opened = Problem.open(asked.job());
    Problem problem = asked.validation() ? opened.forValidation() : opened;
    EmulationRequest request = asked.fittedTo(problem);
    Job job = request.job();
    RunFolder folder =
        RunFolder.create(Path.of(job.out()), job.name().orElse("emulate"), Instant.now());
    EmulationRecord record = new EmulationRecord(request, job, problem, Version.current());
    folder.writeAtomically(folder.job(), record.toYaml());
    try (Interruption interruption = new Interruption();
        EmulationProgress progress = new EmulationProgress(console, request)) {
      progress.say(problem.data().description());
      progress.say(record.summary() + "; run folder " + folder.path());
      List<Comparison> comparisons = new ArrayList<>();
      Trial trial = trial(request, problem, job, interruption);
      for (Environment environment : request.environments()) {
        Environment scaled =
            environment.forModel(
                job.model(), problem.model().parameters().elements() * BYTES_PER_PARAMETER);
        comparisons.add(
            new Contest(request, problem, scaled, trial, folder, progress, interruption::requested)
                .run());
      }
      progress.clear();
      return new EmulationResult(comparisons, folder, console, record).write(request.csv());
    }
  }

  private static Trial trial(
      EmulationRequest request, Problem problem, Job job, Interruption interruption) {
    Examples test =
        Problem.sample(
            problem.data().test(),
            request.variants().getFirst().settings().smallInteger("evaluate.examples"),
            1);
    return new Trial(
        problem.data(),
        test,
        problem.model(),
        Partition.parse(job.partition()),
        request.budget().toNanos(),
        request.evaluateEvery().toNanos(),
        request.cores(),
        interruption::requested);
  }
}
