package io.dlion.core.peer.descent;

/**
 * A batch whose mean gradient lies in the replica.
 *
 * @param samples b_k
 * @param factor of a sum over samples, to become what is sent
 * @param whole how many samples make a gradient one to follow in full, b_0
 * @param weight what an own gradient counts for, to this worker and to all, above 0, at most 1
 * @param rate share of the learning rate that this worker's schedule asks for, above 0, at most 1
 */
public record OwnBatch(int samples, float factor, int whole, double weight, double rate) {
  /** A batch with its full weight and rate. */
  public OwnBatch(int samples, float factor, int whole) {
    this(samples, factor, whole, 1, 1);
  }
}
