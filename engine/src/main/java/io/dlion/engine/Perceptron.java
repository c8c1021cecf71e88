package io.dlion.engine;

import io.dlion.core.learn.ExampleShape;
import java.util.List;

/**
 * Fully connected layers with ReLU between them; with no hidden layer that is logistic regression,
 * or linear regression where the targets are real.
 *
 * @param hidden widths of the hidden layers
 */
record Perceptron(String className, List<Integer> hidden) implements Architecture {
  @Override
  public String takes() {
    return "images, rows of numbers or sequences of them, classes or real targets";
  }

  @Override
  public boolean fits(ExampleShape shape) {
    return Architecture.isReal(shape);
  }

  @Override
  public BuiltInNetwork network(ExampleShape shape) {
    NetworkBuilder net = new NetworkBuilder(className).flatten();
    long width = shape.inputElements();
    int layer = 1;
    for (int next : hidden) {
      net.hidden("fc" + layer++, width, next);
      width = next;
    }
    return net.output("fc" + layer, width, shape.outputs()).build();
  }
}
