package io.dlion.cli.tune;

import io.dlion.cli.console.Console;
import io.dlion.cli.console.Interruption;
import io.dlion.cli.emulate.RunEmulator;
import io.dlion.cli.emulate.RunsAtOnce;
import io.dlion.cli.emulate.Trials;
import io.dlion.cli.problem.Problem;
import io.dlion.core.Phrase;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.stream.Streams;
import io.dlion.monitor.run.RunFolder;
import io.dlion.monitor.run.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Tunes, from opening the data to the files with the settings. */
final class TuneRun implements Tuning {
  private final BooleanSupplier stopped;

  /** Until it is done, or somebody interrupts the process. */
  TuneRun() {
    this(() -> false);
  }

  /** Until then, or until this says that it is to stop. */
  TuneRun(BooleanSupplier stopped) {
    this.stopped = stopped;
  }

  @Override
  public int run(TuneRequest asked, Console console) throws IOException, InterruptedException {
    Problem problem = Problem.open(asked.job()).forValidation();
    TuneRequest request = asked.fittedTo(problem);
    for (Environment environment : request.environments()) {
      Streams.require(environment, problem.data().train().shape());
      if (request.methods().stream().anyMatch(m -> !RunEmulator.hasServer(m.settings()))) {
        environment.requireWaysWithoutServers();
      }
    }
    RunFolder folder = new RunFolder(Files.createDirectories(request.out()));
    try (RunLock _ = RunLock.take(folder, console.err()::println);
        Interruption interruption = new Interruption()) {
      return tuned(request, problem, folder, interruption, console) ? 0 : 1;
    }
  }

  /** Whether all of it was done. */
  private boolean tuned(
      TuneRequest request,
      Problem problem,
      RunFolder folder,
      Interruption interruption,
      Console console)
      throws IOException, InterruptedException {
    int atOnce = Tuner.atOnce(request, problem);
    try (Trials trials =
        new Trials(atOnce, () -> interruption.requested() || stopped.getAsBoolean())) {
      Tuner tuner = Tuner.open(request, problem, folder, Map.of(), trials, atOnce, console);
      tuner.expectAll();
      tuner.say(problem.data().description());
      tuner.say(
          Phrase.of(
              "%s, %s; %s",
              problem.model().name(), problem.model().parameters(), Tuner.effort(request)));
      for (Environment environment : request.environments()) {
        Environment scaled =
            environment.forModel(request.job().model(), RunsAtOnce.modelBytes(problem));
        Optional<List<MethodSearch>> searches = tuner.search(scaled);
        if (searches.isEmpty()) {
          tuner.say(
              "stopped on request: what is done is kept in "
                  + folder.path()
                  + "; the same command goes on");
          return false;
        }
        new TuneResult(request, problem, environment.name(), searches.get(), folder, console)
            .write();
      }
    }
    return true;
  }
}
