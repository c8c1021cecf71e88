package io.dlion.core.optimizer;

/**
 * How much of the learning rate a step takes, as a schedule asks for.
 *
 * @param update share for the update, above 0, at most 1; 1 where senders have applied it already
 * @param decay share for weight decay, at least 0, at most 1
 */
public record Rates(double update, double decay) {
  /** The learning rate as it is. */
  public static final Rates FULL = new Rates(1, 1);
}
