package io.dlion.engine.task;

import io.dlion.core.learn.Evaluation;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Cross-entropy over classes, for an example as a whole or for every position of it.
 *
 * @param classes how many there are
 * @param positions how many predictions an example asks for; 0 for one without a dimension for it
 */
record ClassTask(int classes, int positions) implements Task {
  private static final long REDUCE_SUM = 2; // at::Reduction::Sum
  private static final long IGNORE_NOTHING = -100; // PyTorch's default; no class is negative

  @Override
  public Tensor loss(Tensor outputs, Tensor targets) {
    return torch.cross_entropy_loss(rows(outputs), targets.view(-1));
  }

  @Override
  public long[] outputShape(int batchSize) {
    return positions == 0
        ? new long[] {batchSize, classes}
        : new long[] {batchSize, positions, classes};
  }

  private Tensor rows(Tensor outputs) {
    return outputs.reshape(-1, classes);
  }

  @Override
  public Tally tally() {
    return new ClassTally();
  }

  private final class ClassTally implements Tally {
    private long examples;
    private long predictions;
    private long right;
    private double loss;

    @Override
    public void add(Tensor outputs, Tensor targets, int size) {
      Tensor rows = rows(outputs);
      Tensor classes = targets.view(-1);
      examples += size;
      predictions += classes.numel();
      right += rows.argmax(new LongOptional(1), false).eq(classes).sum().item_long();
      loss +=
          torch
              .cross_entropy_loss(
                  rows, classes, new TensorOptional(), REDUCE_SUM, IGNORE_NOTHING, 0)
              .item_double();
    }

    @Override
    public Evaluation evaluation() {
      return new Evaluation(examples, loss / predictions, (double) right / predictions);
    }
  }
}
