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
    Initial recurrent = Initial.standard(hidden);
    long gates = 4L * hidden;
    return new NetworkBuilder("CharacterLstm")
        .weight("embedding", "weight", unit, shape.outputs(), embedding)
        .weight("lstm", "weight_ih_l0", recurrent, gates, embedding)
        .weight("lstm", "weight_hh_l0", recurrent, gates, hidden)
        .weight("lstm", "bias_ih_l0", recurrent, gates)
        .weight("lstm", "bias_hh_l0", recurrent, gates)
        .on("y")
        .line("y = torch.embedding(self.embedding.weight, x)")
        .line("zero = torch.zeros([1, y.size(0), " + hidden + "], dtype=y.dtype, device=y.device)")
        .line(
            "w = [self.lstm.weight_ih_l0, self.lstm.weight_hh_l0, self.lstm.bias_ih_l0,"
                + " self.lstm.bias_hh_l0]")
        .line("y, h, c = torch.lstm(y, [zero, zero], w, True, 1, 0.0, self.training, False, True)")
        .output("fc", hidden, shape.outputs())
        .build();
  }
}
