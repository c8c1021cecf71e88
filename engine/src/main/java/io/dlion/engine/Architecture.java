package io.dlion.engine;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.engine.task.Task;

/** A built-in model for any input that it takes. Implementations are stateless. */
interface Architecture {
  /** What it takes, for people: {@code images of at least 8×8 pixels}. */
  String takes();

  /** Whether it takes such examples. */
  boolean fits(ExampleShape shape);

  /** The network for examples that fit. */
  BuiltInNetwork network(ExampleShape shape);

  /** What is asked of it, and by which loss it learns: what belongs to the examples. */
  default Task task(ExampleShape shape) {
    return Task.of(shape);
  }

  /** Whether these are images with both sides at least this long. */
  static boolean isImageOf(ExampleShape shape, int side) {
    return shape.isImage() && shape.input().get(1) >= side && shape.input().get(2) >= side;
  }

  /** Whether inputs are real numbers of any shape. */
  static boolean isReal(ExampleShape shape) {
    return shape.kind() != Kind.NEXT_SYMBOL;
  }
}
