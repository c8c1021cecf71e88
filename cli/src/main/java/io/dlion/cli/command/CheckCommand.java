package io.dlion.cli.command;

import io.dlion.cli.console.Console;
import io.dlion.core.Phrase;
import io.dlion.core.Shell;
import io.dlion.core.UserError;
import io.dlion.emulator.check.CheckRun;
import io.dlion.emulator.check.CheckRun.Verdict;
import io.dlion.emulator.check.Draw;
import io.dlion.emulator.check.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dlion check}. */
@Command(
    name = "check",
    description = {
      "Check the protocol under seeded schedules of faults, in virtual time.",
      "",
      "Each seed draws a method, workers, links and faults (crashes, partitions, lost, late and"
          + " damaged messages, full disks, NaN gradients; crashes of whoever serves), runs them"
          + " with a stub for a model, and checks at every step what must always hold."
    },
    sortOptions = false,
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion check --seeds 1000",
      "        a thousand schedules",
      "  dlion check --first-seed 4711 --seeds 1 --verbose",
      "        one of them again, with everything that happens",
      "  dlion check --preset dlion --set transfer.scope=none --topology ring",
      "        one method over one topology"
    })
public final class CheckCommand implements Callable<Integer> {
  private static final int SEEDS_MAX = 10_000_000;
  private static final int SHOWN_MAX = 3;
  private static final int STRIDE = 50;

  private final Console console;

  @Option(names = "--seeds", paramLabel = "N", description = "Schedules to check. Default: 1000.")
  private int seeds = 1000;

  @Option(names = "--first-seed", paramLabel = "N", description = "The first one. Default: 1.")
  private long firstSeed = 1;

  @Option(
      names = "--preset",
      split = ",",
      paramLabel = "NAME,…",
      description =
          "Methods to draw from (dlion presets lists them). Default: all, and dlion without each"
              + " of its parts.")
  private List<String> presets = List.of();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Change a setting of all methods; may be repeated.")
  private List<String> changes = List.of();

  @Option(
      names = "--topology",
      paramLabel = "KIND",
      description =
          "mesh, ring, exponential, hierarchical or edges; with a server there are none. Default:"
              + " drawn.")
  private @Nullable String topology;

  @Option(names = "--verbose", description = "Tell all events and actions; with one seed only.")
  private boolean verbose;

  /**
   * How many steps of a method were judged, and where there is a server changes of its model.
   *
   * @param steps those that were worked out and compared
   * @param all of them
   */
  private record Judged(long steps, long all) {
    Judged plus(Judged more) {
      return new Judged(steps + more.steps, all + more.all);
    }

    String share() {
      return Phrase.of("%.1f %%", all == 0 ? 0 : 100.0 * steps / all);
    }
  }

  /** Sums over all schedules. */
  private static final class Totals {
    final Map<String, Integer> faults = new TreeMap<>();
    final List<Long> failed = new ArrayList<>();
    final Map<String, Judged> judged = new TreeMap<>();
    long messages;
    long steps;
    double virtualSeconds;

    void add(Verdict verdict) {
      verdict.faults().forEach(kind -> faults.merge(kind, 1, Integer::sum));
      messages += verdict.messages();
      steps += verdict.steps();
      judged.merge(verdict.method(), new Judged(verdict.judged(), verdict.steps()), Judged::plus);
      virtualSeconds += verdict.virtualSeconds();
      if (!verdict.holds()) {
        failed.add(verdict.seed());
      }
    }
  }

  /** The command. */
  public CheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (seeds < 1 || seeds > SEEDS_MAX) {
      throw new UserError("--seeds " + seeds + ": expected 1 to " + SEEDS_MAX);
    }
    if (verbose && seeds > 1) {
      throw new UserError(
          "--verbose with " + seeds + " seeds: expected --seeds 1, one schedule is plenty to read");
    }
    Draw draw = draw();
    long begin = System.nanoTime();
    Totals totals = verbose ? one(draw) : all(draw);
    summary(totals, (System.nanoTime() - begin) / 1e9);
    return totals.failed.isEmpty() ? 0 : 1;
  }

  private Draw draw() {
    Map<String, String> set = new TreeMap<>();
    for (String change : changes) {
      int equals = change.indexOf('=');
      if (equals < 1) {
        throw new UserError("--set " + change + ": expected KEY=VALUE");
      }
      set.put(change.substring(0, equals), change.substring(equals + 1));
    }
    List<Variant> variants =
        presets.isEmpty() ? Variant.all() : presets.stream().map(p -> Variant.of(p)).toList();
    List<Variant> changed = variants.stream().map(v -> v.with(set)).toList();
    changed.forEach(Variant::settings); // a mistake is told before anything runs
    return new Draw(changed, Optional.ofNullable(topology), true);
  }

  private Totals one(Draw draw) {
    Totals totals = new Totals();
    try (CheckRun run = new CheckRun()) {
      judge(run.run(firstSeed, draw, console.out()::println), totals);
    }
    return totals;
  }

  /** Verdicts are told in the order of seeds, whichever core came to them first. */
  private Totals all(Draw draw) throws Exception {
    Totals totals = new Totals();
    ConcurrentLinkedQueue<CheckRun> runs = new ConcurrentLinkedQueue<>();
    int cores = Math.min(seeds, Runtime.getRuntime().availableProcessors());
    for (int i = 0; i < cores; i++) {
      runs.add(new CheckRun());
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(cores)) {
      for (int from = 0; from < seeds; from += STRIDE) {
        List<Future<Verdict>> verdicts = new ArrayList<>();
        for (int i = from; i < Math.min(seeds, from + STRIDE); i++) {
          long seed = firstSeed + i;
          verdicts.add(threads.submit(() -> run(runs, seed, draw)));
        }
        for (Future<Verdict> verdict : verdicts) {
          judge(get(verdict), totals);
        }
        progress(Math.min(seeds, from + STRIDE), totals);
      }
    } finally {
      runs.forEach(CheckRun::close);
    }
    return totals;
  }

  private static Verdict run(ConcurrentLinkedQueue<CheckRun> runs, long seed, Draw draw) {
    CheckRun run = runs.remove();
    try {
      return run.run(seed, draw);
    } finally {
      runs.add(run);
    }
  }

  private static Verdict get(Future<Verdict> verdict) throws Exception {
    try {
      return verdict.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private void judge(Verdict verdict, Totals totals) {
    totals.add(verdict);
    if (verdict.holds()) {
      return;
    }
    if (console.terminal()) {
      console.out().print("\r");
    }
    console.out().println(Shell.dlion(verdict.replay()));
    if (totals.failed.size() <= SHOWN_MAX) {
      verdict.scenario().lines().forEach(line -> console.out().println("  " + line));
      verdict.findings().forEach(found -> console.out().println("  violated: " + found));
    }
  }

  private void progress(int done, Totals totals) {
    if (console.terminal()) {
      console
          .out()
          .print(Phrase.of("\r%d of %d schedules, %d failed", done, seeds, totals.failed.size()));
      if (done == seeds) {
        console.out().println();
      }
      console.out().flush();
    }
  }

  private void summary(Totals totals, double seconds) {
    String faults =
        totals.faults.entrySet().stream()
            .map(e -> e.getValue() + " " + e.getKey())
            .collect(Collectors.joining(", "));
    console
        .out()
        .println(
            String.format(
                Locale.ROOT,
                "%,d schedules, %d failed; %,d messages, %,d steps, %.1f virtual hours;"
                    + " %.1f schedules/s",
                seeds,
                totals.failed.size(),
                totals.messages,
                totals.steps,
                totals.virtualSeconds / 3600,
                seeds / seconds));
    console.out().println("faults: " + (faults.isEmpty() ? "none" : faults));
    console.out().println("steps whose updates were worked out exactly and compared, of all:");
    totals.judged.forEach(
        (method, judged) -> console.out().println(Phrase.of("  %7s  %s", judged.share(), method)));
  }
}
