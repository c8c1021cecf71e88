package io.dlion.engine;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.engine.task.Task;
import java.util.List;

/**
 * A linear support vector machine: one linear layer that learns by squared hinge loss, one class
 * against the rest. The L2 penalty is the optimizer's weight decay, 1/(C·n) for n training
 * examples, on intercepts too. Its optimum is then that of {@code
 * sklearn.svm.LinearSVC(loss='squared_hinge', penalty='l2', C=C)}; of two classes both have an
 * output here, each the other's negative.
 */
record LinearSvm() implements Architecture {
  @Override
  public String takes() {
    return "images, rows of numbers or sequences of them, classes";
  }

  @Override
  public boolean fits(ExampleShape shape) {
    return shape.kind() == Kind.CLASSIFICATION;
  }

  @Override
  public BuiltInNetwork network(ExampleShape shape) {
    return new Perceptron("Svm", List.of()).network(shape);
  }

  @Override
  public Task task(ExampleShape shape) {
    return Task.squaredHinge(shape.outputs());
  }
}
