package io.dlion.benchmarks;

import io.dlion.core.WorkerId;
import io.dlion.core.exchange.Exchange;
import io.dlion.core.exchange.Outgoing;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.HeaderExtension;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What a worker with a few links meets: gradients in native memory as an engine provides them,
 * links whose budgets carry about 1 % of the entries, and message arrays that are used again.
 *
 * <p>An entry is normal × log-normal, with a scale per variable and per row of it, which gives the
 * heavy tails of real gradients; the scales are those of the model, and only the norm of the whole
 * differs from gradient to gradient. There are a few such gradients and their negatives; one is
 * drawn at random for each iteration, so that residuals wander as they do under gradient noise
 * instead of growing without bound.
 */
final class ExchangeWorkload implements Buffers {
  static final int LINKS = 5;

  /** Bytes an entry takes at 1 % density: a float and on average 1.3 bytes for its position. */
  private static final double BYTES_PER_ENTRY = 5.3;

  private static final int BATCH = 32;

  final ParameterLayout layout;
  final Map<WorkerId, Long> budgets = new LinkedHashMap<>();
  private final List<MemorySegment> gradients = new ArrayList<>();
  private final Deque<byte[]> free = new ArrayDeque<>();
  private final SplittableRandom random = new SplittableRandom(1);
  private long iteration;

  /** With {@value #LINKS} links. */
  ExchangeWorkload(String model, Arena arena) {
    this(model, arena, LINKS);
  }

  ExchangeWorkload(String model, Arena arena, int links) {
    layout =
        switch (model) {
          case "cipher" -> cipher();
          case "resnet50" -> resnet50();
          default -> throw new IllegalArgumentException(model);
        };
    // Enough of them that the cache does not hold them all.
    int distinct = layout.size() > 10_000_000 ? 2 : 8;
    for (int i = 0; i < distinct; i++) {
      gradients.add(arena.allocate(layout.bytes(), 64));
      gradients.add(arena.allocate(layout.bytes(), 64));
      fill(gradients.get(2 * i), gradients.get(2 * i + 1));
    }
    for (int link = 0; link < links; link++) {
      double share = 0.01 * (0.9 + 0.05 * link);
      budgets.put(
          new WorkerId("w" + link), (long) (share * layout.elements() * BYTES_PER_ENTRY) + 100);
    }
  }

  private void fill(MemorySegment gradient, MemorySegment negative) {
    SplittableRandom scales = new SplittableRandom(2); // those of the model: the same every time
    double norm = 1e-3 * Math.exp(0.2 * random.nextGaussian());
    for (Variable v : layout.variables()) {
      double scale = norm * Math.exp(scales.nextGaussian());
      int row = v.shape().size() < 2 ? v.count() : v.count() / Math.toIntExact(v.shape().get(0));
      double rowScale = 1;
      for (int i = 0; i < v.count(); i++) {
        if (i % row == 0) {
          rowScale = Math.exp(0.5 * scales.nextGaussian());
        }
        double tail = Math.exp(0.7 * random.nextGaussian());
        float value = (float) (scale * rowScale * tail * random.nextGaussian());
        gradient.setAtIndex(ValueLayout.JAVA_FLOAT, v.offset() + i, value);
        negative.setAtIndex(ValueLayout.JAVA_FLOAT, v.offset() + i, -value);
      }
    }
  }

  /** The gradient of the next iteration. */
  MemorySegment gradient() {
    return gradients.get(random.nextInt(gradients.size()));
  }

  /** What is said about it. */
  Exchange.Progress progress() {
    iteration++;
    return new Exchange.Progress(
        iteration, BATCH, iteration * BATCH, BATCH, 0, 1.0 / BATCH, HeaderExtension.NONE);
  }

  @Override
  public byte[] take(int size) {
    for (int tries = free.size(); tries > 0; tries--) {
      byte[] bytes = free.removeFirst();
      if (bytes.length >= size) {
        return bytes;
      }
    }
    return new byte[size + size / 4];
  }

  /** Takes the arrays of messages back. */
  void recycle(Collection<Outgoing> messages) {
    for (Outgoing message : messages) {
      if (!free.contains(message.payload().bytes())) {
        free.addLast(message.payload().bytes());
      }
    }
  }

  /** The 2.17 M-parameter CNN of the issue. */
  private static ParameterLayout cipher() {
    return new ParameterLayout.Builder()
        .add("conv1.weight", 32, 3, 3, 3)
        .add("conv1.bias", 32)
        .add("conv2.weight", 32, 32, 3, 3)
        .add("conv2.bias", 32)
        .add("conv3.weight", 64, 32, 3, 3)
        .add("conv3.bias", 64)
        .add("conv4.weight", 64, 64, 3, 3)
        .add("conv4.bias", 64)
        .add("fc1.weight", 512, 4096)
        .add("fc1.bias", 512)
        .add("fc2.weight", 10, 512)
        .add("fc2.bias", 10)
        .build();
  }

  /** ResNet-50: 25.6 M parameters in 161 variables, many of them tiny. */
  private static ParameterLayout resnet50() {
    ParameterLayout.Builder layout = new ParameterLayout.Builder();
    convolution(layout, "conv1", 64, 3, 7);
    int in = 64;
    int[] blocks = {3, 4, 6, 3};
    for (int stage = 0; stage < blocks.length; stage++) {
      int width = 64 << stage;
      for (int block = 0; block < blocks[stage]; block++) {
        String name = "layer" + (stage + 1) + "." + block;
        convolution(layout, name + ".conv1", width, in, 1);
        convolution(layout, name + ".conv2", width, width, 3);
        convolution(layout, name + ".conv3", 4 * width, width, 1);
        if (block == 0) {
          convolution(layout, name + ".downsample", 4 * width, in, 1);
        }
        in = 4 * width;
      }
    }
    return layout.add("fc.weight", 1000, in).add("fc.bias", 1000).build();
  }

  private static void convolution(
      ParameterLayout.Builder layout, String name, int out, int in, int kernel) {
    layout.add(name + ".weight", out, in, kernel, kernel);
    layout.add(name + ".norm.weight", out).add(name + ".norm.bias", out);
  }
}
