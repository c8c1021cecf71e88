package io.dlion.benchmarks;

import io.dlion.core.learn.Learner;
import io.dlion.engine.ModelSpec;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Time of one training step of {@code cipher} (batch 32, one thread) by a bare libtorch loop and by
 * a learner with SGD over its segments, taken by turns; then of {@code cnn}. Run: {@code java
 * --enable-native-access=ALL-UNNAMED -cp ... io.dlion.benchmarks.LearnerOverhead [steps]}.
 */
public final class LearnerOverhead {
  private static final int BATCH = 32;
  private static final int WARM_UP = 10;
  private static final float RATE = 1e-4f;

  private LearnerOverhead() {}

  /** Prints the figures. */
  public static void main(String[] args) throws IOException {
    int steps = args.length > 0 ? Integer.parseInt(args[0]) : 200;
    cipher(steps);
    cnn(steps);
  }

  private static void cipher(int steps) throws IOException {
    LearnerImages images = new LearnerImages(3, 32, 4 * BATCH, 1);
    int[] rows = rows();
    long before = residentBytes();
    ModelSpec spec = ModelSpec.builtIn("cipher", images.shape());
    try (Learner learner = spec.learner(1, 1)) {
      learnerStep(learner, images, rows);
      long alone = residentBytes();
      LearnerBareLoop bare =
          new LearnerBareLoop(spec.parameters(), learner.weights(), images, rows);
      double[] bareMillis = new double[steps];
      double[] learnerMillis = new double[steps];
      double[] gradientMillis = new double[steps];
      for (int i = -WARM_UP; i < steps; i++) {
        long start = System.nanoTime();
        bare.step(RATE);
        long middle = System.nanoTime();
        learner.gradient(images, rows, BATCH, i);
        long computed = System.nanoTime();
        descend(learner);
        long end = System.nanoTime();
        if (i >= 0) {
          bareMillis[i] = (middle - start) / 1e6;
          gradientMillis[i] = (computed - middle) / 1e6;
          learnerMillis[i] = (end - middle) / 1e6;
        }
      }
      print("cipher bare loop, ms per step", median(bareMillis));
      print("cipher learner, ms per step", median(learnerMillis));
      print("cipher learner, gradient alone, ms", median(gradientMillis));
      print("cipher learner / bare", median(learnerMillis) / median(bareMillis));
      print("process before libtorch, MiB", before / 0x1p20);
      print("process with one cipher learner, MiB", alone / 0x1p20);
    }
  }

  private static void cnn(int steps) {
    LearnerImages images = new LearnerImages(1, 28, 4 * BATCH, 1);
    int[] rows = rows();
    try (Learner learner = ModelSpec.builtIn("cnn", images.shape()).learner(1, 1)) {
      double[] millis = new double[steps];
      for (int i = -WARM_UP; i < steps; i++) {
        long start = System.nanoTime();
        learnerStep(learner, images, rows);
        if (i >= 0) {
          millis[i] = (System.nanoTime() - start) / 1e6;
        }
      }
      print("cnn 28x28 learner, ms per step", median(millis));
    }
  }

  private static int[] rows() {
    int[] rows = new int[BATCH];
    Arrays.setAll(rows, i -> i);
    return rows;
  }

  private static void learnerStep(Learner learner, LearnerImages images, int[] rows) {
    learner.gradient(images, rows, BATCH, 0);
    descend(learner);
  }

  private static void descend(Learner learner) {
    MemorySegment w = learner.weights();
    MemorySegment g = learner.gradient();
    long n = learner.parameters().size();
    for (long i = 0; i < n; i++) {
      float step = RATE * g.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      w.setAtIndex(ValueLayout.JAVA_FLOAT, i, w.getAtIndex(ValueLayout.JAVA_FLOAT, i) - step);
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Linux only; elsewhere 0. */
  private static long residentBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(l -> l.startsWith("VmRSS:"))
        .mapToLong(l -> 1024 * Long.parseLong(l.replaceAll("\\D", "")))
        .sum();
  }

  private static void print(String what, double value) {
    System.out.printf(Locale.ROOT, "%-40s %8.3f%n", what, value);
  }
}
