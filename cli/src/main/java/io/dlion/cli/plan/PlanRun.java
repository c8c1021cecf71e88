package io.dlion.cli.plan;

import io.dlion.cli.console.Console;
import io.dlion.cli.console.Interruption;
import io.dlion.cli.emulate.RunEmulator;
import io.dlion.cli.emulate.RunsAtOnce;
import io.dlion.cli.emulate.Trials;
import io.dlion.cli.problem.Problem;
import io.dlion.cli.tune.Tuner;
import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.emulator.environment.Environment;
import io.dlion.monitor.run.RunFolder;
import io.dlion.monitor.run.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Plans, from opening the data to the report and the job file. */
final class PlanRun implements Planning {
  /** The folder in a plan's folder that keeps what is done. */
  static final String KEPT = "kept";

  private final BooleanSupplier stopped;

  /** Until it is done, or somebody interrupts the process. */
  PlanRun() {
    this(() -> false);
  }

  /** Until then, or until this says that it is to stop. */
  PlanRun(BooleanSupplier stopped) {
    this.stopped = stopped;
  }

  @Override
  public int run(PlanRequest asked, Console console) throws IOException, InterruptedException {
    Problem problem = Problem.open(asked.job()).sampled(asked.sample());
    PlanRequest request = asked.fittedTo(problem);
    requireSameModel(request, problem);
    Environment where =
        request
            .sites()
            .environment()
            .forModel(request.job().model(), RunsAtOnce.modelBytes(problem))
            .withRealBandwidth();
    if (request.methods().stream().anyMatch(m -> !RunEmulator.hasServer(m.settings()))) {
      where.requireWaysWithoutServers();
    }
    RunFolder folder = new RunFolder(folder(request.out()));
    RunFolder kept = new RunFolder(folder(request.out().resolve(KEPT)));
    int atOnce = Tuner.atOnce(request.tuning(where), problem);
    try (RunLock _ = RunLock.take(folder, console.err()::println);
        Interruption interruption = new Interruption();
        Trials trials =
            new Trials(atOnce, () -> interruption.requested() || stopped.getAsBoolean())) {
      introduce(request, problem, console);
      Optional<Plan> plan =
          new Planner(request, problem, where, kept, console).plan(trials, atOnce);
      if (plan.isEmpty()) {
        console
            .out()
            .println(
                "stopped on request: what is done is kept in "
                    + folder.path()
                    + "; the same command goes on");
        return 1;
      }
      new PlanFiles(folder, console).write(plan.get());
      return 0;
    }
  }

  /** A model has as many parameters as the data's shape asks for. */
  private static void requireSameModel(PlanRequest request, Problem problem) {
    long here = problem.model().parameters().elements();
    request
        .sites()
        .measured()
        .filter(its -> its.parameters() != here)
        .ifPresent(its -> {
          throw new UserError(
              Phrase.of(
                  "--data %s: with it %s has %,d parameters, and with the workers' data %,d; plan"
                      + " with data like theirs",
                  request.job().data(), problem.model().name(), here, its.parameters()));
        });
  }

  /** Makes the folder of a plan, or one in it, unless it is there. */
  static Path folder(Path path) throws IOException {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new UserError("--out " + path + ": expected a folder for the plan, found a file");
    }
    return Files.createDirectories(path);
  }

  private static void introduce(PlanRequest request, Problem problem, Console console) {
    console.out().println(problem.data().description());
    console
        .out()
        .println(
            Phrase.of(
                "%s, %s; %s, %d workers; %d methods, runs of %.0f s",
                problem.model().name(),
                problem.model().parameters(),
                request.sites().origin(),
                request.sites().environment().workers().size(),
                request.methods().size(),
                request.budgetSeconds()));
    request
        .sites()
        .silent()
        .forEach(site -> console.err().println("warning: " + PlanNotes.withoutSite(site)));
  }
}
