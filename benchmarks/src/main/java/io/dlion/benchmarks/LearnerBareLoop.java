package io.dlion.benchmarks;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.learn.Examples;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What one would write for {@code cipher} without DLion: libtorch's operations called one by one on
 * a batch that is already in native memory, and SGD as one native operation on flat tensors. One
 * thread, channels_last. The yardstick for the learner.
 */
final class LearnerBareLoop {
  private static final long[] ONE = {1, 1};
  private static final long[] TWO = {2, 2};
  private static final long[] ZERO = {0, 0};

  private final Map<String, Tensor> parameters = new HashMap<>();
  private final Tensor weights;
  private final Tensor gradient;
  private final Tensor inputs;
  private final Tensor targets;

  /** Begins with given weights, and always takes the first examples as its batch. */
  LearnerBareLoop(ParameterLayout layout, MemorySegment initial, Examples examples, int[] rows) {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      weights = torch.zeros(layout.size());
      gradient = torch.zeros(layout.size());
      for (Variable v : layout.variables()) {
        Tensor parameter = view(weights, v);
        parameter.requires_grad_(true);
        parameter.mutable_grad().put(view(gradient, v));
        parameter.retainReference();
        parameters.put(v.name(), parameter);
      }
      segment(weights).copyFrom(initial);
      int side = examples.shape().input().get(1);
      Tensor pixels = torch.zeros(rows.length, side, side, examples.shape().input().get(0));
      targets = torch.zeros(new long[] {rows.length}, new TensorOptions(ScalarType.Long));
      examples.copy(rows, rows.length, segment(pixels), segment(targets));
      inputs = pixels.permute(0, 3, 1, 2);
      weights.retainReference();
      gradient.retainReference();
      inputs.retainReference();
      targets.retainReference();
    }
  }

  private static Tensor view(Tensor flat, Variable v) {
    return flat.narrow(0, v.offset(), v.count()).view(v.dimensions()).detach();
  }

  @SuppressWarnings("restricted") // the tensor owns as many bytes as it says
  private static MemorySegment segment(Tensor tensor) {
    return MemorySegment.ofAddress(tensor.data_ptr().address()).reinterpret(tensor.nbytes());
  }

  /** Forward, loss, backward, SGD; returns the loss before the update. */
  double step(float rate) {
    try (PointerScope _ = new PointerScope()) {
      gradient.zero_();
      Tensor x = convolve(convolve(inputs, "conv1"), "conv2");
      x = convolve(convolve(pool(x), "conv3"), "conv4");
      x = torch.relu(linear(torch.flatten(pool(x), 1, -1), "fc1"));
      Tensor loss = torch.cross_entropy_loss(linear(x, "fc2"), targets);
      loss.backward();
      double value = loss.item_double();
      try (NoGradGuard _ = new NoGradGuard()) {
        weights.add_(gradient, new Scalar(-rate));
      }
      return value;
    }
  }

  private Tensor convolve(Tensor x, String layer) {
    TensorOptional bias = new TensorOptional(parameters.get(layer + ".bias"));
    return torch.relu(torch.conv2d(x, parameters.get(layer + ".weight"), bias, ONE, ONE, ONE, 1));
  }

  private Tensor linear(Tensor x, String layer) {
    TensorOptional bias = new TensorOptional(parameters.get(layer + ".bias"));
    return torch.linear(x, parameters.get(layer + ".weight"), bias);
  }

  private static Tensor pool(Tensor x) {
    return torch.max_pool2d(x, TWO, TWO, ZERO, ONE, false);
  }
}
