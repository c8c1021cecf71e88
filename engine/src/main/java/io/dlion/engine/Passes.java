package io.dlion.engine;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.engine.task.Task;
import java.util.Arrays;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Tensor;

/** Runs a module forward and backward. What libtorch says of a failure becomes one sentence. */
final class Passes {
  private Passes() {}

  /**
   * What a module answers.
   *
   * @throws UserError where it fails
   */
  static IValue forward(JitModule module, Tensor inputs) {
    try {
      return module.forward(new IValueVector(new IValue(inputs)));
    } catch (RuntimeException e) {
      throw new UserError(
          Phrase.of(
              "for inputs %s the model fails (%s)",
              Arrays.toString(inputs.shape()), Messages.essence(e)),
          e);
    }
  }

  /**
   * Adds the gradient of a loss to the gradients of the parameters.
   *
   * @return the loss
   * @throws UserError where there is no gradient
   */
  static double backward(Task task, Tensor outputs, Tensor targets) {
    if (!outputs.requires_grad()) {
      throw new UserError(
          "the model's outputs have no gradient: its forward runs under torch.no_grad() or detaches"
              + " them; export it without that");
    }
    try {
      Tensor loss = task.loss(outputs, targets);
      loss.backward();
      return loss.item_double();
    } catch (RuntimeException e) {
      throw new UserError(
          "the model's gradient cannot be computed (" + Messages.essence(e) + ")", e);
    }
  }
}
