package io.dlion.core.node;

/** What something around a node asks of its steps. Confined to its node. */
public interface Steering {
  /** Steps are as the rules of the run say. */
  Steering NONE = new Steering() {};

  /**
   * What the learning rate is multiplied by, besides the schedule.
   *
   * @param nowNanos since the run began
   * @return above 0
   */
  default double rateFactor(long nowNanos) {
    return 1;
  }

  /**
   * The batch of the next step.
   *
   * @param planned as batches are divided, in samples
   * @return at least that
   */
  default int batch(int planned) {
    return planned;
  }
}
