package io.dlion.core.node;

import io.dlion.core.kernel.Part;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * What a worker makes of its own gradients, and what the contributions of all workers make of its
 * weights. An iteration is one or more gradients, one contribution after some of them, and one step
 * after all of them. Confined to its node.
 */
interface Descent {
  /**
   * Training begins at the weights that are in the replica, with optimizers at rest: what they
   * remember is where other weights were going.
   */
  void begin();

  /**
   * A gradient of that many samples has been computed into the replica.
   *
   * @param factor of a sum over samples, to become what is sent
   * @param wholeBatch how many samples make a gradient one to follow in full, b_0
   */
  void computed(long iteration, int samples, float factor, int wholeBatch);

  /** Whether with the last gradient {@link #own} has become what is to be sent. */
  boolean contributes();

  /** Whether the last gradient was the iteration's last. */
  boolean complete();

  /** Whether the weights have left the place where the iteration began, for others to reach. */
  boolean underway();

  /** What this worker adds to the update of all workers, {@link #ownScale} times. */
  MemorySegment own();

  /** What {@link #own} is multiplied by to become what is sent. */
  float ownScale();

  /** The batch size behind {@link #own}: where it remembers former gradients, a mean of theirs. */
  double ownBatch();

  /** What that counts for among all workers' gradients, {@code b_k / B}. */
  double ownShare();

  /** Whether every value of {@link #own} is finite, given that all gradients were. */
  boolean sound();

  /**
   * Updates the weights.
   *
   * @param others what to add to {@code factor · own}
   */
  void step(List<Part> others, float factor);

  /** Forgets the gradients of an iteration that will not be stepped: weights are as before it. */
  void takeBack();

  /**
   * Whether a gradient that was computed cannot be taken back: the velocity contains it, and with
   * rounding nothing gets it out exactly.
   */
  boolean keepsGradients();

  /**
   * What the optimizers of all replicas remember alike, of the layout, or {@link
   * MemorySegment#NULL}: who takes over another's weights goes where they were going. To set it,
   * write into it.
   */
  MemorySegment shared();

  /**
   * The optimizers' memory by name, each of the layout: what a checkpoint needs between two
   * iterations. To restore it, write into it.
   */
  Map<String, MemorySegment> memory();
}
