package io.dlion.engine.task;

import io.dlion.core.learn.Evaluation;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * One-vs-rest squared hinge loss over classes: the mean over examples of Σ_k max(0, 1 − y_k·f_k)²,
 * where f_k is the output for class k and y_k is 1 for the example's class, −1 for all others. The
 * prediction is the class with the largest output, also where there are two classes.
 *
 * <p>It is the loss of a linear support vector machine in the primal (Fan et al., "LIBLINEAR", JMLR
 * 2008, L2-regularized L2-loss, solver 2), which minimizes for each class ½·|w|² + C·Σ_i max(0, 1 −
 * y_i·f(x_i))² over n examples. Divided by C·n that is this loss and a penalty of ½·d·|w|² with d =
 * 1/(C·n): SGD's {@code optimizer.weight-decay} is d. As in LIBLINEAR the intercept is a weight of
 * the constant input 1 and penalised like any other.
 *
 * @param classes how many there are
 */
record SquaredHingeTask(int classes) implements Task {
  private static final Scalar ONE = new Scalar(1.0f);
  private static final Scalar TWO = new Scalar(2.0f);

  @Override
  public Tensor loss(Tensor outputs, Tensor targets) {
    return perExample(outputs, targets, ScalarType.Float).mean();
  }

  /** A sum over all classes for each example. */
  private Tensor perExample(Tensor outputs, Tensor targets, ScalarType type) {
    Tensor signs = torch.one_hot(targets, classes).to(type).mul(TWO).sub(ONE);
    Tensor lacking = torch.relu(torch.rsub(outputs.to(type).mul(signs), ONE));
    return lacking.square().sum(1);
  }

  @Override
  public long[] outputShape(int batchSize) {
    return new long[] {batchSize, classes};
  }

  @Override
  public Tally tally() {
    return new HingeTally();
  }

  private final class HingeTally implements Tally {
    private long examples;
    private long right;
    private double loss;

    @Override
    public void add(Tensor outputs, Tensor targets, int size) {
      examples += size;
      right += outputs.argmax(new LongOptional(1), false).eq(targets).sum().item_long();
      loss += perExample(outputs, targets, ScalarType.Double).sum().item_double();
    }

    @Override
    public Evaluation evaluation() {
      return new Evaluation(examples, loss / examples, (double) right / examples);
    }
  }
}
