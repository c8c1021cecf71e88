package io.dlion.benchmarks;

import io.dlion.monitor.ResidentMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The resident memory of a process that has nothing but Java, libtorch and a loop that trains
 * {@code cnn} on random images, one thread, with a batch of another size in every step: what a
 * worker's memory is compared with. Run: {@code io.dlion.benchmarks.BareMemory LEAST MOST [steps]},
 * LEAST and MOST examples a batch.
 */
public final class BareMemory {
  private static final long[] ONE = {1, 1};
  private static final long[] TWO = {2, 2};
  private static final long[] ZERO = {0, 0};

  private final List<Tensor> parameters = new ArrayList<>();

  private BareMemory() {
    for (long[] shape :
        new long[][] {
          {32, 1, 3, 3},
          {32},
          {64, 32, 3, 3},
          {64},
          {128, 64, 3, 3},
          {128},
          {200, 1152},
          {200},
          {10, 200},
          {10}
        }) {
      try (PointerScope _ = new PointerScope()) {
        Tensor parameter = torch.randn(shape).mul(new Scalar(0.05)).detach();
        parameter.requires_grad_(true);
        parameter.retainReference();
        parameters.add(parameter);
      }
    }
  }

  /** Prints the figures. */
  public static void main(String[] args) {
    int least = Integer.parseInt(args[0]);
    int most = Integer.parseInt(args[1]);
    int steps = args.length > 2 ? Integer.parseInt(args[2]) : 400;
    torch.set_num_threads(1);
    BareMemory loop = new BareMemory();
    print("libtorch loaded");
    SplittableRandom random = new SplittableRandom(1);
    for (int step = 0; step < steps; step++) {
      loop.step(random.nextInt(least, most + 1));
    }
    print(steps + " steps of " + least + " to " + most + " examples");
  }

  private void step(int examples) {
    try (PointerScope _ = new PointerScope()) {
      Tensor x = torch.randn(examples, 28, 28, 1).permute(0, 3, 1, 2);
      Tensor targets = torch.zeros(new long[] {examples}, new TensorOptions(ScalarType.Long));
      x = layer(layer(layer(x, 0), 2), 4);
      x = torch.relu(linear(torch.flatten(x, 1, -1), 6));
      torch.cross_entropy_loss(linear(x, 8), targets).backward();
      try (NoGradGuard _ = new NoGradGuard()) {
        for (Tensor parameter : parameters) {
          parameter.add_(parameter.grad(), new Scalar(-1e-4));
          parameter.mutable_grad().zero_();
        }
      }
    }
  }

  private Tensor layer(Tensor x, int at) {
    Tensor y = torch.conv2d(x, parameters.get(at), bias(at), ONE, ONE, ONE, 1);
    return torch.max_pool2d(torch.relu(y), TWO, TWO, ZERO, ONE, false);
  }

  private Tensor linear(Tensor x, int at) {
    return torch.linear(x, parameters.get(at), bias(at));
  }

  private TensorOptional bias(int at) {
    return new TensorOptional(parameters.get(at + 1));
  }

  private static void print(String when) {
    System.out.printf(
        Locale.ROOT, "%-40s peak %4.0f MB%n", when, ResidentMemory.peakBytes().orElse(0) / 1e6);
  }
}
