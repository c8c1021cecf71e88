package io.dlion.cli.tune;

import io.dlion.cli.emulate.RunEmulator;
import io.dlion.cli.emulate.Trials;
import io.dlion.core.tune.Halving;
import io.dlion.core.tune.TrialScore;
import io.dlion.emulator.environment.Environment;
import io.dlion.monitor.comparison.trace.SeedRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Runs the trials of all methods in an environment, rung by rung; those that are done already are
 * taken from the ledger.
 *
 * @param request what is tuned
 * @param ledger keeps what is done
 * @param trials runs trials
 * @param progress is shown to people
 * @param whole emulates runs of the whole time
 */
record Rounds(
    TuneRequest request,
    TrialLedger ledger,
    Trials trials,
    TuneProgress progress,
    RunEmulator whole) {
  /** A rung of one method: what is known of it, and what is tried now. */
  private record Trying(
      MethodSearch search, Map<Integer, TrialScore> scores, Map<Integer, Trials.Run> runs) {}

  /** Runs all rungs; false where it was stopped before the end. */
  boolean run(Environment environment, List<MethodSearch> searches, List<Halving.Rung> rungs)
      throws IOException, InterruptedException {
    for (Halving.Rung rung : rungs) {
      List<Trying> all = new ArrayList<>();
      for (MethodSearch search : searches) {
        all.add(begin(environment, search, rung));
      }
      for (Trying trying : all) {
        if (!complete(trying, rung)) {
          return false;
        }
      }
    }
    return true;
  }

  private Trying begin(Environment environment, MethodSearch search, Halving.Rung rung)
      throws IOException {
    Trying trying = new Trying(search, new LinkedHashMap<>(), new LinkedHashMap<>());
    for (Attempt attempt : search.attempts(rung, request.seedOf(rung.number()))) {
      Optional<TrialScore> before = ledger.find(attempt);
      if (before.isPresent()) {
        progress.kept(attempt, before.get());
        trying.scores.put(attempt.candidate(), before.get());
      } else {
        trying.runs.put(
            attempt.candidate(),
            trials.submit(rung.number(), () -> one(environment, search, attempt)));
      }
    }
    return trying;
  }

  /** Waits for all of a method's trials, and tells the search what came of them. */
  private boolean complete(Trying trying, Halving.Rung rung)
      throws IOException, InterruptedException {
    for (Map.Entry<Integer, Trials.Run> run : trying.runs.entrySet()) {
      Optional<SeedRun> result = run.getValue().await();
      if (result.isEmpty()) {
        return false;
      }
      trying.scores.put(run.getKey(), score(result.get(), rung));
    }
    trying.search.judged(rung, trying.scores);
    return true;
  }

  private SeedRun one(Environment environment, MethodSearch search, Attempt attempt)
      throws IOException {
    long began = System.nanoTime();
    SeedRun run =
        whole
            .lasting(attempt.rung().nanos())
            .run(environment, search.settings(attempt), attempt.seed());
    if (!trials.cancelled()) {
      TrialScore score = score(run, attempt.rung());
      ledger.keep(attempt, score);
      progress.done(attempt, score, run, (System.nanoTime() - began) / 1e9);
    }
    return run;
  }

  private TrialScore score(SeedRun run, Halving.Rung rung) {
    OptionalDouble target = request.target();
    return new TrialScore(
        target.isEmpty()
            ? OptionalDouble.empty()
            : run.secondsTo(target.getAsDouble(), rung.nanos() / 1e9),
        run.totals().accuracy(),
        run.diverged());
  }
}
