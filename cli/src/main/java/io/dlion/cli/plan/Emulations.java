package io.dlion.cli.plan;

import io.dlion.cli.console.Console;
import io.dlion.cli.emulate.ComparedMethod;
import io.dlion.cli.emulate.RunEmulator;
import io.dlion.cli.emulate.TimeLeft;
import io.dlion.cli.emulate.Trials;
import io.dlion.core.Phrase;
import io.dlion.emulator.environment.Environment;
import io.dlion.monitor.comparison.trace.SeedRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Emulates methods with all seeds, and keeps each run that is done. Confined to one thread but for
 * the runs themselves.
 *
 * @param request what is planned
 * @param emulator emulates a run
 * @param ledger keeps runs
 * @param trials has them run
 * @param left counts them, and knows how many there will be
 * @param console is told of each
 */
record Emulations(
    PlanRequest request,
    RunEmulator emulator,
    RunLedger ledger,
    Trials trials,
    TimeLeft left,
    Console console) {
  /**
   * What is emulated with all seeds.
   *
   * @param part of the plan that it belongs to
   * @param title for people
   * @param where the sites
   * @param identity of the sites
   * @param method with its settings
   */
  record Task(
      String part, String title, Environment where, String identity, ComparedMethod method) {}

  /** The runs of each task, a list for each; empty where it was stopped before the end. */
  Optional<List<List<SeedRun>>> run(List<Task> tasks) throws IOException, InterruptedException {
    List<List<Trials.Run>> begun = new ArrayList<>();
    for (Task task : tasks) {
      List<Trials.Run> runs = new ArrayList<>();
      for (long seed : request.seeds()) {
        runs.add(trials.submit(begun.size(), () -> one(task, seed)));
      }
      begun.add(runs);
    }
    List<List<SeedRun>> done = new ArrayList<>();
    for (List<Trials.Run> runs : begun) {
      List<SeedRun> all = new ArrayList<>();
      for (Trials.Run run : runs) {
        run.await().ifPresent(all::add);
      }
      done.add(all);
    }
    boolean complete = done.stream().allMatch(all -> all.size() == request.seeds().size());
    return complete ? Optional.of(done) : Optional.empty();
  }

  private SeedRun one(Task task, long seed) throws IOException {
    RunLedger.Key key =
        new RunLedger.Key(
            task.part,
            task.identity,
            task.method.name(),
            task.method.settings(),
            seed,
            request.budgetSeconds(),
            request.target());
    Optional<SeedRun> before = ledger.find(key);
    if (before.isPresent()) {
      synchronized (left) {
        left.kept(request.budgetSeconds());
        say(task, before.get(), "kept");
      }
      return before.get();
    }
    long began = System.nanoTime();
    SeedRun run = emulator.run(task.where, task.method.settings(), seed);
    if (!trials.cancelled()) {
      ledger.keep(key, run);
      double wallSeconds = (System.nanoTime() - began) / 1e9;
      synchronized (left) {
        left.done(request.budgetSeconds(), run, wallSeconds);
        say(task, run, Phrase.of("%.0f s of wall time%s", wallSeconds, left.text()));
      }
    }
    return run;
  }

  private String text(SeedRun run) {
    if (run.diverged()) {
      return "diverged";
    }
    OptionalDouble seconds = run.secondsTo(request.target(), request.budgetSeconds());
    return seconds.isPresent()
        ? Phrase.of("target after %.0f s", seconds.getAsDouble())
        : Phrase.of("accuracy %.3f", run.totals().accuracy());
  }

  private void say(Task task, SeedRun run, String how) {
    console
        .out()
        .println(
            Phrase.of(
                "%s  %-22s seed %d  %s  (%s)",
                left.count(), task.title, run.seed(), text(run), how));
    console.out().flush();
  }
}
