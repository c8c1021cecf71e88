package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.data.Percentage.withPercentage;

import io.dlion.cli.console.Console;
import io.dlion.core.learn.Examples;
import io.dlion.data.DataOptions;
import io.dlion.data.recognise.DataSets;
import io.dlion.data.tensor.Safetensors;
import io.dlion.engine.ModelSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Model {@code svm}, trained by whole batches to its optimum on real data, against the optimum that
 * an independent solver finds: LIBLINEAR behind scikit-learn's {@code LinearSVC}. Skipped where the
 * data or python3-sklearn is missing. The time limit is there for hangs; it measures nothing.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SvmOptimumTest {
  private static final String PYTHON = "/usr/bin/python3";

  private static final String SOLVE =
      """
      import sys, numpy
      from sklearn.svm import LinearSVC
      x = numpy.fromfile(sys.argv[1], dtype=numpy.float32).reshape(-1, int(sys.argv[3]))
      y = 2 * numpy.fromfile(sys.argv[2], dtype=numpy.int64) - 1
      c = float(sys.argv[4])
      svm = LinearSVC(loss='squared_hinge', penalty='l2', C=c, dual=False, tol=1e-10,
                      max_iter=100000)
      svm.fit(x, y)
      lacking = numpy.maximum(0, 1 - y * (x @ svm.coef_[0] + svm.intercept_[0]))
      weights = numpy.append(svm.coef_[0], svm.intercept_[0])
      print(0.5 * weights @ weights + c * (lacking ** 2).sum())
      """;

  @TempDir Path folder;

  private static Path occupancy() {
    Path shared =
        Optional.ofNullable(System.getenv("DLION_SHARED_DATA"))
            .map(Path::of)
            .orElseGet(() ->
                Path.of(Objects.requireNonNull(System.getProperty("dlion.root")))
                    .resolve("../shared/data"));
    Path data = shared.resolve("occupancy");
    assumeThat(Files.exists(data)).as("no real data at " + data).isTrue();
    return data;
  }

  private static void assumeSolver() throws IOException, InterruptedException {
    boolean works =
        Files.isExecutable(Path.of(PYTHON))
            && new ProcessBuilder(PYTHON, "-c", "import sklearn")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor()
                == 0;
    assumeThat(works).as(PYTHON + ": install python3-sklearn to run this").isTrue();
  }

  @Test
  void itsObjectiveIsThatOfAnIndependentSolver() throws IOException, InterruptedException {
    assumeSolver();
    Path data = occupancy();
    Examples examples = DataSets.open(data.toString(), DataOptions.defaults()).train();
    for (double c : new double[] {1, 0.01}) {
      double[][] found = trained(data, examples, 1 / (c * examples.count()));
      double expected = solved(examples, c);
      for (int k = 0; k < 2; k++) {
        assertThat(objective(examples, found[k], k, c))
            .as("objective of class %d, C = %s", k, c)
            .isCloseTo(expected, withPercentage(0.05));
      }
    }
  }

  /** For each class the weights of the features and the intercept, as {@code dlion train} finds. */
  private double[][] trained(Path data, Examples examples, double weightDecay) throws IOException {
    String batch = Integer.toString(examples.count());
    List<String> arguments =
        List.of(
            "train --model svm --workers 1 --threads 1 --preset baseline --keep-model last",
            "--set batching.local=fixed --set batching.growth=off --set evaluate.every=500",
            "--set optimizer.learning-rate=0.2 --epochs 400 --set batching.initial=" + batch,
            "--set optimizer.weight-decay=" + weightDecay,
            "--data " + data,
            "--out " + folder.resolve("runs"));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Console console = Console.plain(all, all);
    int code =
        Main.run(String.join(" ", arguments).split(" ", -1), console, Main.commands(console));
    assertThat(code).as(all.toString(StandardCharsets.UTF_8)).isZero();
    Path file = folder.resolve("runs/latest/model.safetensors");
    var layout = ModelSpec.builtIn("svm", examples.shape()).parameters();
    MemorySegment w = MemorySegment.ofArray(new float[layout.size()]);
    Safetensors.read(file).copyTo(layout, w, file);
    int features = examples.shape().inputElements();
    int weights = layout.variables().get(0).offset();
    int biases = layout.variables().get(1).offset();
    double[][] found = new double[2][features + 1];
    for (int k = 0; k < 2; k++) {
      for (int f = 0; f < features; f++) {
        found[k][f] = w.getAtIndex(ValueLayout.JAVA_FLOAT, weights + (long) k * features + f);
      }
      found[k][features] = w.getAtIndex(ValueLayout.JAVA_FLOAT, biases + (long) k);
    }
    return found;
  }

  private static double objective(Examples examples, double[] w, int k, double c) {
    float[] x = inputs(examples).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    int features = w.length - 1;
    double objective = 0;
    for (double each : w) {
      objective += each * each / 2;
    }
    for (int row = 0; row < examples.count(); row++) {
      double f = w[features];
      for (int i = 0; i < features; i++) {
        f += w[i] * x[row * features + i];
      }
      double lacking = Math.max(0, 1 - (examples.label(row) == k ? f : -f));
      objective += c * lacking * lacking;
    }
    return objective;
  }

  /** Of class 1 against class 0; that of class 0 against class 1 is the same. */
  private double solved(Examples examples, double c) throws IOException, InterruptedException {
    Path x = folder.resolve("x.bin");
    Path y = folder.resolve("y.bin");
    Files.write(x, inputs(examples).toArray(ValueLayout.JAVA_BYTE));
    ByteBuffer labels = ByteBuffer.allocate(8 * examples.count()).order(ByteOrder.nativeOrder());
    for (int row = 0; row < examples.count(); row++) {
      labels.putLong(examples.label(row));
    }
    Files.write(y, labels.array());
    Path program = Files.writeString(folder.resolve("solve.py"), SOLVE);
    Path answer = folder.resolve("answer.txt");
    String features = Integer.toString(examples.shape().inputElements());
    Process solver =
        new ProcessBuilder(PYTHON, program + "", x + "", y + "", features, Double.toString(c))
            .redirectErrorStream(true)
            .redirectOutput(answer.toFile())
            .start();
    assertThat(solver.waitFor()).as(answer.toString()).isZero();
    return Double.parseDouble(Files.readString(answer).strip());
  }

  private static MemorySegment inputs(Examples examples) {
    int[] rows = new int[examples.count()];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = row;
    }
    int bytes = 4 * rows.length * examples.shape().inputElements();
    MemorySegment inputs = MemorySegment.ofArray(new byte[bytes]);
    MemorySegment targets = MemorySegment.ofArray(new byte[8 * rows.length]);
    examples.copy(rows, rows.length, inputs, targets);
    return inputs;
  }
}
