package io.dlion.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.dlion.cluster.local.LinkRates;
import io.dlion.cluster.local.LocalCluster;
import io.dlion.cluster.worker.Handicap;
import io.dlion.cluster.worker.Member;
import io.dlion.cluster.worker.RunSpec;
import io.dlion.core.WorkerId;
import io.dlion.core.learn.Learner;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import io.dlion.engine.ModelSpec;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/**
 * What the whole system costs on top of bare libtorch, {@code cipher}, batch 32, taken by turns in
 * one JVM: the time of a step with one worker against a bare loop on one thread, and samples/s of
 * three workers against bare loops on all cores; the workers once more with the batches that they
 * choose themselves. Run: {@code benchmarks/run SystemOverhead [rounds [steps]]}.
 */
public final class SystemOverhead {
  private static final int BATCH = 32;
  private static final int WARM_UP = 10;
  private static final float RATE = 1e-3f;

  /** How large the data set is said to be, on which the choice of batches depends: CIFAR-10. */
  private static final long EXAMPLES = 50_000;

  private final LearnerImages images = new LearnerImages(3, 32, 40 * BATCH, 1);
  private final ModelSpec spec = ModelSpec.builtIn("cipher", images.shape());
  private final int steps;

  private SystemOverhead(int steps) {
    this.steps = steps;
  }

  /** Prints the figures. */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    SystemOverhead overhead = new SystemOverhead(args.length > 1 ? Integer.parseInt(args[1]) : 60);
    overhead.oneWorker(rounds);
    overhead.threeWorkers(rounds);
  }

  private void oneWorker(int rounds) throws Exception {
    double[] bare = new double[rounds];
    double[] system = new double[rounds];
    double[] ratio = new double[rounds];
    for (int r = 0; r < rounds; r++) {
      bare[r] = bareMillisPerStep();
      List<Step> reports = train(1, steps + WARM_UP, plain(Settings.defaults()));
      double[] millis = new double[steps];
      for (int i = 0; i < steps; i++) {
        millis[i] =
            (reports.get(i + WARM_UP).iteration.atNanos()
                    - reports.get(i + WARM_UP - 1).iteration.atNanos())
                / 1e6;
      }
      system[r] = median(millis);
      ratio[r] = system[r] / bare[r];
    }
    print("one thread, bare loop, ms per step", bare);
    print("one worker, whole system, ms per step", system);
    print("ratio", ratio);
  }

  private void threeWorkers(int rounds) throws Exception {
    int cores = Runtime.getRuntime().availableProcessors();
    String[] names = {
      "bare loops, one per core",
      "three bare loops",
      "three workers, local",
      "three workers, dlion",
      "three workers, dlion, batches as it chooses"
    };
    double[][] rates = new double[names.length][rounds];
    double[][] costs = new double[names.length][rounds];
    for (int r = 0; r < rounds; r++) {
      List<Throughput> all =
          List.of(
              bare(cores),
              bare(3),
              workers(fixed("local")),
              workers(fixed("dlion")),
              workers(Presets.find("dlion").settings()));
      for (int i = 0; i < all.size(); i++) {
        rates[i][r] = all.get(i).samplesPerSecond;
        costs[i][r] = all.get(i).cpuMillisPerSample;
      }
    }
    for (int i = 0; i < names.length; i++) {
      print(names[i] + ", samples/s", rates[i]);
      print("  CPU ms per sample", costs[i]);
      if (i > 1) {
        print("  ratio to bare loops, samples/s", ratios(rates[i], rates[0]));
        print("  ratio to bare loops, samples per CPU time", ratios(costs[0], costs[i]));
      }
    }
  }

  private static double[] ratios(double[] of, double[] to) {
    double[] ratios = new double[of.length];
    Arrays.setAll(ratios, i -> of[i] / to[i]);
    return ratios;
  }

  private static Settings fixed(String preset) {
    return Presets.find(preset)
        .settings()
        .with("batching.initial", Integer.toString(BATCH))
        .with("batching.growth", "off");
  }

  /** The second figure says the same of a machine whose cores do other work, too. */
  private record Throughput(double samplesPerSecond, double cpuMillisPerSample) {
    static Throughput between(long samples, long nanos, long cpuNanos) {
      return new Throughput(samples * 1e9 / nanos, cpuNanos / 1e6 / samples);
    }
  }

  /** A report, and the CPU time of the process until then. */
  private record Step(Report.Iteration iteration, long cpuNanos) {}

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private Throughput workers(Settings settings) throws Exception {
    List<Step> reports = train(3, steps + WARM_UP, settings);
    Step from = reports.get(3 * WARM_UP);
    Step to = reports.getLast();
    long samples = 0;
    for (Step step : reports.subList(3 * WARM_UP + 1, reports.size())) {
      samples += step.iteration.batchSize();
    }
    return Throughput.between(
        samples, to.iteration.atNanos() - from.iteration.atNanos(), to.cpuNanos - from.cpuNanos);
  }

  /** The bare loop has no momentum: neither has the worker it is compared with. */
  private static Settings plain(Settings settings) {
    return settings.with(
        Map.of(
            "optimizer.momentum", "0",
            "optimizer.weight-decay", "0",
            "optimizer.learning-rate", Float.toString(RATE),
            "batching.local", "fixed",
            "batching.growth", "off"));
  }

  private double bareMillisPerStep() {
    LearnerBareLoop loop = bareLoop();
    double[] millis = new double[steps];
    for (int i = -WARM_UP; i < steps; i++) {
      long begun = System.nanoTime();
      loop.step(RATE);
      if (i >= 0) {
        millis[i] = (System.nanoTime() - begun) / 1e6;
      }
    }
    return median(millis);
  }

  private Throughput bare(int threads) throws Exception {
    List<LearnerBareLoop> loops = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      loops.add(bareLoop());
    }
    try (var executor = Executors.newFixedThreadPool(threads)) {
      executor.invokeAll(loops.stream().map(loop -> repeat(loop, WARM_UP)).toList());
      long begun = System.nanoTime();
      long cpu = cpuNanos();
      executor.invokeAll(loops.stream().map(loop -> repeat(loop, steps)).toList());
      return Throughput.between(
          (long) threads * steps * BATCH, System.nanoTime() - begun, cpuNanos() - cpu);
    }
  }

  private static Callable<Double> repeat(LearnerBareLoop loop, int steps) {
    return () -> {
      double loss = 0;
      for (int i = 0; i < steps; i++) {
        loss = loop.step(RATE);
      }
      return loss;
    };
  }

  private LearnerBareLoop bareLoop() {
    int[] rows = new int[BATCH];
    Arrays.setAll(rows, i -> i);
    try (Learner initial = spec.learner(1, 1)) {
      return new LearnerBareLoop(spec.parameters(), initial.weights(), images, rows);
    }
  }

  private List<Step> train(int workers, int iterations, Settings settings) throws Exception {
    List<Step> reports = new ArrayList<>();
    List<Member> members = new ArrayList<>();
    for (int k = 1; k <= workers; k++) {
      members.add(new Member(new WorkerId("w" + k), images, Handicap.NONE, Optional.empty()));
    }
    RunSpec run =
        new RunSpec(
            new RunSpec.Task(
                Strategy.of(settings.with("evaluate.every", "1e9").with("checkpoint.every", "1e9")),
                new Goal((long) iterations * workers * BATCH, Long.MAX_VALUE, 2),
                1),
            new RunSpec.Tests(new LearnerImages(3, 32, 1, 2), new LearnerImages(3, 32, 1, 2)),
            id -> spec.learner(1, 1),
            report -> {
              if (report instanceof Report.Iteration i) {
                synchronized (reports) {
                  reports.add(new Step(i, cpuNanos()));
                }
              }
            },
            checkpoint -> {},
            false);
    LocalCluster.Spec cluster =
        new LocalCluster.Spec(members, run, EXAMPLES, LinkRates.unlimited(), 0);
    try (LocalCluster running = LocalCluster.start(cluster)) {
      running.await();
    }
    return reports;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void print(String what, double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "%-45s median %8.3f   (%.3f to %.3f)%n",
        what,
        median(values),
        sorted[0],
        sorted[sorted.length - 1]);
  }
}
