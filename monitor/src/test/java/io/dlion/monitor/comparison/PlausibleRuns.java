package io.dlion.monitor.comparison;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.monitor.comparison.trace.Activity;
import io.dlion.monitor.comparison.trace.RunRecorder;
import io.dlion.monitor.comparison.trace.SeedRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Runs that look like emulated ones, made up from a learning curve and a seed: workers of unequal
 * speed, links of unequal width, through a {@link RunRecorder}.
 */
public final class PlausibleRuns {
  /**
   * How a made-up preset behaves.
   *
   * @param name of the preset
   * @param learningSeconds time constant of its accuracy
   * @param accuracy in the end
   * @param synchronous whether everybody waits for the slowest
   * @param adaptive whether batches follow speed, and N the links
   * @param bytes of a gradient on a wide link
   */
  record Habit(
      String name,
      double learningSeconds,
      double accuracy,
      boolean synchronous,
      boolean adaptive,
      long bytes) {}

  /** A server that searches for a rate of commits, and clients that wait for nobody. */
  private static final Habit ADSP = new Habit("adsp", 120, 0.885, false, false, 400_000);

  public static final List<Habit> SEVEN =
      List.of(
          new Habit("dlion", 95, 0.892, false, true, 240_000),
          new Habit("dlion-paper", 150, 0.886, false, true, 300_000),
          new Habit("baseline", 260, 0.880, true, false, 400_000),
          new Habit("hop", 230, 0.878, false, false, 400_000),
          new Habit("gaia", 210, 0.874, false, false, 150_000),
          new Habit("ako", 140, 0.884, false, false, 120_000),
          new Habit("diloco", 135, 0.881, true, true, 30_000));

  /** One with a server, and one whose workers wait for the slowest. */
  public static final List<Habit> SERVED = List.of(ADSP, SEVEN.get(2));

  private static final Habit IDEAL = new Habit(ComparisonSummary.IDEAL, 70, 0.894, true, true, 0);

  private final Habit habit;
  private final List<WorkerId> ids = new ArrayList<>();
  private final double budgetSeconds;
  private final Random random;
  private final RunRecorder recorder;
  private final double noise;
  private final long[] committed;
  private long served;
  private final List<Later> transfers = new ArrayList<>();

  private PlausibleRuns(Habit habit, int workers, double budgetSeconds, long seed) {
    this.habit = habit;
    for (int i = 0; i < workers; i++) {
      ids.add(new WorkerId("w" + i));
    }
    this.committed = new long[workers];
    this.budgetSeconds = budgetSeconds;
    this.random = new Random(seed * 31 + habit.name.hashCode());
    this.noise = random.nextGaussian() * 0.004;
    long from = nanos(budgetSeconds / 3);
    this.recorder = new RunRecorder(seed, ids, from, from + nanos(12));
  }

  /** A comparison of made-up presets. */
  public static Comparison comparison(
      String environment, List<Habit> habits, int workers, int seeds, double target) {
    return new Comparison(
        environment,
        OptionalDouble.of(target),
        600,
        "cnn",
        "fashion-mnist",
        List.of("Learning rates were chosen on validation data with seeds 101 to 103."),
        habits.stream()
            .map(c ->
                new Comparison.PresetRuns(
                    c.name, Map.of("optimizer.learning-rate", "0.05"), runs(c, workers, seeds)))
            .toList(),
        runs(IDEAL, workers, seeds));
  }

  static List<SeedRun> runs(Habit habit, int workers, int seeds) {
    List<SeedRun> runs = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      runs.add(new PlausibleRuns(habit, workers, 600, seed).run("time"));
    }
    return runs;
  }

  /** A run that ends early because it diverged. */
  static SeedRun diverged(Habit habit, int workers, double afterSeconds) {
    return new PlausibleRuns(habit, workers, afterSeconds, 9).run(SeedRun.DIVERGED);
  }

  /** The worker whose turn it is, and what it does then. */
  private record Turn(double seconds, int worker, long iteration) {}

  /** Something on a link that is told in the order of time. */
  private record Later(double seconds, int order, Runnable what) {}

  private SeedRun run(String stoppedBy) {
    PriorityQueue<Turn> turns = new PriorityQueue<>(Comparator.comparingDouble(Turn::seconds));
    for (int i = 0; i < ids.size(); i++) {
      turns.add(new Turn(0, i, 0));
    }
    double[] evaluateAt = new double[ids.size()];
    long[] samples = new long[ids.size()];
    for (Turn t = turns.remove(); t.seconds < budgetSeconds; t = turns.remove()) {
      int w = t.worker;
      serve(t);
      double compute = computeSeconds(w) * (1 + 0.05 * random.nextDouble());
      double end = t.seconds + compute;
      double next = habit.synchronous ? nextRound(t.seconds) : end + 0.02;
      next = Math.max(next, end);
      recorder.active(ids.get(w), Activity.COMPUTING, nanos(t.seconds), nanos(end));
      samples[w] += batch(w);
      iteration(t, end, next - end, samples[w]);
      send(t, end, next);
      if (end >= evaluateAt[w]) {
        evaluateAt[w] += 10;
        evaluate(w, end, t.iteration, samples[w]);
        recorder.active(ids.get(w), Activity.EVALUATING, nanos(end), nanos(end + 0.3));
        end += 0.3;
        next = Math.max(next, end);
      }
      recorder.active(ids.get(w), Activity.WAITING, nanos(end), nanos(next));
      turns.add(new Turn(next, w, t.iteration + 1));
    }
    transfers.stream()
        .filter(l -> l.seconds < budgetSeconds)
        .sorted(Comparator.comparingDouble(Later::seconds).thenComparingInt(Later::order))
        .forEach(l -> l.what.run());
    return recorder.finish(stoppedBy, nanos(budgetSeconds));
  }

  /** Probes 1, 2, 3 … commits a period of 30 s, decides for the third, and looks again at 330 s. */
  private void serve(Turn t) {
    if (!habit.equals(ADSP)) {
      return;
    }
    long step = (long) (t.seconds / 30);
    int probe = (int) (step % 11) + 1;
    boolean searching = probe <= 5;
    int target = searching ? probe : 3;
    recorder.accept(
        new Report.Serving(
            ids.getFirst(),
            nanos(t.seconds),
            served,
            served,
            2 * Math.exp(-t.seconds / habit.learningSeconds),
            target,
            searching ? "probing C = " + probe : "",
            probe == 1 ? Double.NaN : 0.03 / (1 + Math.abs(probe - 4)),
            1 - 1.0 / (1 + target * ids.size() / 10.0),
            (int) (step / 11) + 1));
    if ((long) (t.seconds * target / 30) > committed[t.worker]) {
      committed[t.worker] = (long) (t.seconds * target / 30);
      served++;
      recorder.accept(
          new Report.Committed(
              ids.get(t.worker),
              nanos(t.seconds),
              ids.getFirst(),
              served,
              4,
              served,
              1,
              target,
              habit.bytes,
              nanos(0.5)));
    }
  }

  private double speed(int worker) {
    return new double[] {1, 0.55, 0.25}[3 * worker / ids.size()];
  }

  private int batch(int worker) {
    return habit.adaptive ? (int) Math.round(54 * speed(worker)) : 32;
  }

  private double computeSeconds(int worker) {
    return (0.1 + 0.9 * batch(worker) / 32) / speed(worker);
  }

  private double nextRound(double seconds) {
    double round = 1.06 * computeSeconds(ids.size() - 1) + 1.2;
    return (Math.floor(seconds / round + 1e-9) + 1) * round;
  }

  private void iteration(Turn t, double end, double wait, long samples) {
    double loss = 0.3 + 2 * Math.exp(-end / habit.learningSeconds);
    long staleness = habit.synchronous ? 1 : 1 + random.nextInt(1 + 4 * t.worker / ids.size());
    recorder.accept(
        new Report.Iteration(
            ids.get(t.worker),
            nanos(end),
            t.iteration,
            batch(t.worker),
            32 * ids.size(),
            loss,
            nanos(end - t.seconds),
            nanos(wait),
            samples,
            samples * ids.size(),
            0,
            staleness));
  }

  private void evaluate(int worker, double at, long iteration, long samples) {
    double progress = 1 - Math.exp(-at / habit.learningSeconds);
    double accuracy =
        0.1 + (habit.accuracy - 0.1 + noise) * progress + random.nextGaussian() * 0.004;
    accuracy -= 0.002 * worker / ids.size();
    double loss = 0.3 + 2 * (1 - progress) * (1 + 0.03 * random.nextGaussian());
    recorder.accept(
        new Report.Evaluated(ids.get(worker), nanos(at), iteration, samples, accuracy, loss, 0));
  }

  private void send(Turn t, double from, double to) {
    int others = Math.min(ids.size() - 1, 5);
    for (int i = 1; i <= others && habit.bytes > 0; i++) {
      int peer = (t.worker + i) % ids.size();
      boolean lan = peer / 2 == t.worker / 2;
      double n = !habit.adaptive || lan ? 100 : 2 + 10 * speed(t.worker) + random.nextDouble();
      long bytes = (long) (habit.bytes * (lan || !habit.adaptive ? 1 : n / 30));
      recorder.accept(
          new Report.Sent(
              ids.get(t.worker), nanos(from), ids.get(peer), t.iteration, n, n / 100, bytes, 0, 0));
      double share = lan ? 0.1 : Math.min(1, 0.4 / speed(t.worker));
      double end = from + share * (to - from + 0.3);
      WorkerId self = ids.get(t.worker);
      later(from, () -> recorder.transferBegan(self, ids.get(peer), nanos(from)));
      later(end, () -> recorder.transferEnded(self, ids.get(peer), nanos(end), bytes));
    }
  }

  private void later(double seconds, Runnable what) {
    transfers.add(new Later(seconds, transfers.size(), what));
  }

  private static long nanos(double seconds) {
    return Math.round(seconds * 1e9);
  }
}
