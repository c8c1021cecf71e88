package io.dlion.engine;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;

/** Predicts the next symbol of a text: embedding, one LSTM layer from a zero state, linear. */
record CharacterLstm(int embedding, int hidden) implements Architecture {
  @Override
  public String takes() {
    return "text, to predict the next character";
  }

  @Override
  public boolean fits(ExampleShape shape) {
    return shape.kind() == Kind.NEXT_SYMBOL;
  }

  @Override
  public BuiltInNetwork network(ExampleShape shape) {
    // Uniform with variance 1, where PyTorch's default is normal with variance 1.
    Initial unit = new Initial.Uniform(Math.sqrt(3));
    return new NetworkBuilder("CharacterLstm")
        .weight("embedding", "weight", unit, shape.outputs(), embedding)
        .on("y")
        .line("y = torch.embedding(self.embedding.weight, x)")
        .lstm("y", embedding, hidden)
        .output("fc", hidden, shape.outputs())
        .build();
  }
}
