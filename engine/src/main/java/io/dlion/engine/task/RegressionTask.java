package io.dlion.engine.task;

import io.dlion.core.learn.Evaluation;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Mean squared error over all values, and as accuracy R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)², each value
 * with a mean of its own and the sums over all of them.
 *
 * @param values how many are to be predicted
 */
record RegressionTask(int values) implements Task {
  @Override
  public Tensor loss(Tensor outputs, Tensor targets) {
    return torch.mse_loss(outputs, targets);
  }

  @Override
  public long[] outputShape(int batchSize) {
    return new long[] {batchSize, values};
  }

  @Override
  public Tally tally() {
    return new RegressionTally();
  }

  /** Sums are of targets less the first example's, so that a large mean does not cancel digits. */
  private final class RegressionTally implements Tally {
    private long examples;
    private double squaredErrors;
    private final double[] shift = new double[values];
    private final double[] sum = new double[values];
    private final double[] sumOfSquares = new double[values];

    @Override
    public void add(Tensor outputs, Tensor targets, int size) {
      Tensor exact = targets.to(ScalarType.Double);
      squaredErrors += outputs.to(ScalarType.Double).sub(exact).square().sum().item_double();
      for (int v = 0; v < values; v++) {
        Tensor column = exact.narrow(1, v, 1);
        if (examples == 0) {
          shift[v] = column.narrow(0, 0, 1).item_double();
        }
        Tensor shifted = column.sub(new Scalar(shift[v]));
        sum[v] += shifted.sum().item_double();
        sumOfSquares[v] += shifted.square().sum().item_double();
      }
      examples += size;
    }

    @Override
    public Evaluation evaluation() {
      double spread = 0;
      for (int v = 0; v < values; v++) {
        spread += sumOfSquares[v] - sum[v] * sum[v] / examples;
      }
      return new Evaluation(
          examples, squaredErrors / ((double) examples * values), explained(spread));
    }

    /** Equal targets leave nothing to explain: 1 where they are met, else 0. */
    private double explained(double spread) {
      if (spread > 0) {
        return 1 - squaredErrors / spread;
      }
      return squaredErrors == 0 ? 1 : 0;
    }
  }
}
