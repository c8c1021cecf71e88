package io.dlion.engine;

import io.dlion.core.learn.ExampleShape;

/**
 * Tells the class of a sequence, or a number, from rows of numbers [batch, time, features]: one
 * LSTM layer from a zero state, whose hidden state after the last row goes through a linear layer.
 *
 * @param hidden units of the LSTM
 */
record SequenceLstm(int hidden) implements Architecture {
  @Override
  public String takes() {
    return "sequences of rows (--window, --sequence-by), classes or real targets";
  }

  @Override
  public boolean fits(ExampleShape shape) {
    return shape.isSequence();
  }

  @Override
  public BuiltInNetwork network(ExampleShape shape) {
    return new NetworkBuilder("SequenceLstm")
        .on("y")
        .lstm("x", shape.input().get(1), hidden)
        .line("y = torch.select(h, 0, 0)")
        .output("fc", hidden, shape.outputs())
        .build();
  }
}
