package io.dlion.engine;

import io.dlion.core.Phrase;
import io.dlion.engine.BuiltInNetwork.Declaration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a {@link BuiltInNetwork} layer by layer. Each method adds a line of TorchScript that
 * replaces a value ({@code x} unless {@link #on} names another) by the layer's output.
 */
final class NetworkBuilder {
  private final String name;
  private final List<Declaration> weights = new ArrayList<>();
  private final List<Declaration> buffers = new ArrayList<>();
  private final StringBuilder source =
      new StringBuilder("def forward(self, x: Tensor) -> Tensor:\n");
  private String value = "x";

  NetworkBuilder(String name) {
    this.name = name;
  }

  /** The following layers work on this value. */
  NetworkBuilder on(String variable) {
    value = variable;
    return this;
  }

  /** A line of TorchScript. */
  NetworkBuilder line(String text) {
    source.append("    ").append(text).append('\n');
    return this;
  }

  /** The value becomes the result of an expression in which {@code %v} stands for it. */
  NetworkBuilder set(String expression) {
    return line(value + " = " + expression.replace("%v", value));
  }

  /** A learned variable. */
  NetworkBuilder weight(String layer, String attribute, Initial initial, long... shape) {
    weights.add(declaration(layer, attribute, initial, shape));
    return this;
  }

  /** A square convolution without bias, padded so that stride 1 keeps the size. */
  NetworkBuilder convolution(String layer, long in, long out, int kernel, int stride, long groups) {
    long fanIn = in / groups * kernel * kernel;
    weight(layer, "weight", Initial.standard(fanIn), out, in / groups, kernel, kernel);
    return convolve(layer, "None", kernel, stride, groups);
  }

  /** A square convolution with bias, stride 1, padded so that the size stays. */
  NetworkBuilder biasedConvolution(String layer, long in, long out, int kernel) {
    long fanIn = in * kernel * kernel;
    weight(layer, "weight", Initial.standard(fanIn), out, in, kernel, kernel);
    weight(layer, "bias", Initial.standard(fanIn), out);
    return convolve(layer, "self." + layer + ".bias", kernel, 1, 1);
  }

  private NetworkBuilder convolve(String layer, String bias, int kernel, int stride, long groups) {
    return set(
        Phrase.of(
            "torch.conv2d(%%v, self.%s.weight, %s, [%d, %d], [%d, %d], [1, 1], %d)",
            layer, bias, stride, stride, kernel / 2, kernel / 2, groups));
  }

  /** A fully connected layer that a ReLU follows. */
  NetworkBuilder hidden(String layer, long in, long out) {
    return linear(layer, in, out).relu();
  }

  /** The fully connected layer at the end. */
  NetworkBuilder output(String layer, long in, long out) {
    return linear(layer, in, out);
  }

  private NetworkBuilder linear(String layer, long in, long out) {
    weight(layer, "weight", Initial.standard(in), out, in);
    weight(layer, "bias", Initial.standard(in), out);
    return set(Phrase.of("torch.linear(%%v, self.%1$s.weight, self.%1$s.bias)", layer));
  }

  /**
   * One LSTM layer from a zero state over {@code input} [batch, time, in]: the value becomes its
   * outputs [batch, time, hidden], and {@code h} [1, batch, hidden] the last of them.
   */
  NetworkBuilder lstm(String input, long in, long hidden) {
    Initial recurrent = Initial.standard(hidden);
    long gates = 4 * hidden;
    weight("lstm", "weight_ih_l0", recurrent, gates, in);
    weight("lstm", "weight_hh_l0", recurrent, gates, hidden);
    weight("lstm", "bias_ih_l0", recurrent, gates);
    weight("lstm", "bias_hh_l0", recurrent, gates);
    line(
        Phrase.of(
            "zero = torch.zeros([1, %1$s.size(0), %2$d], dtype=%1$s.dtype, device=%1$s.device)",
            input, hidden));
    line(
        "w = [self.lstm.weight_ih_l0, self.lstm.weight_hh_l0, self.lstm.bias_ih_l0,"
            + " self.lstm.bias_hh_l0]");
    return line(
        Phrase.of(
            "%s, h, c = torch.lstm(%s, [zero, zero], w, True, 1, 0.0, self.training, False, True)",
            value, input));
  }

  /** Batch normalisation over images, with PyTorch's momentum and epsilon. */
  NetworkBuilder batchNorm(String layer, long channels) {
    weight(layer, "weight", new Initial.Constant(1), channels);
    weight(layer, "bias", new Initial.Constant(0), channels);
    buffers.add(declaration(layer, "running_mean", new Initial.Constant(0), channels));
    buffers.add(declaration(layer, "running_var", new Initial.Constant(1), channels));
    buffers.add(
        new Declaration(layer, "num_batches_tracked", List.of(), new Initial.Constant(0), true));
    line("if self.training:");
    line(Phrase.of("    self.%s.num_batches_tracked.add_(1)", layer));
    String parts =
        Phrase.of(
            "self.%1$s.weight, self.%1$s.bias, self.%1$s.running_mean, self.%1$s.running_var",
            layer);
    return set("torch.batch_norm(%v, " + parts + ", self.training, 0.1, 1e-05, True)");
  }

  NetworkBuilder relu() {
    return set("torch.relu(%v)");
  }

  /** Maximum over 2×2, which halves the size (rounding down). */
  NetworkBuilder maxPool() {
    return set("torch.max_pool2d(%v, [2, 2], [2, 2], [0, 0], [1, 1], False)");
  }

  /** Mean over all pixels, one value per channel. */
  NetworkBuilder globalMean() {
    return set("torch.mean(%v, [2, 3])");
  }

  /** One row per example. */
  NetworkBuilder flatten() {
    return set("torch.flatten(%v, 1, -1)");
  }

  BuiltInNetwork build() {
    return new BuiltInNetwork(name, weights, buffers, source + "    return " + value + "\n");
  }

  private static Declaration declaration(
      String layer, String attribute, Initial initial, long... shape) {
    return new Declaration(layer, attribute, Arrays.stream(shape).boxed().toList(), initial, false);
  }
}
