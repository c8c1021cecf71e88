package io.dlion.core.peer.descent;

import io.dlion.core.kernel.Part;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * What a worker makes of its own gradients, and what the contributions of all workers make of its
 * weights. An iteration is one or more gradients, one contribution after some of them, and one step
 * after all of them. Confined to its node.
 */
public interface Descent {
  /**
   * Training begins at the weights that are in the replica, with optimizers at rest: what they
   * remember is where other weights were going. What is {@link #shared} may be written afterwards.
   *
   * @param iterations that have led to these weights
   */
  void begin(long iterations);

  /** Training goes on after so many iterations, with {@link #memory} restored. */
  void resume(long iterations);

  /**
   * The gradient of iteration number {@code iteration}, which has been kept with {@link #memory},
   * is to be applied after all.
   */
  void resumeKept(long iteration);

  /** The iteration under way has that many gradients, as far as it has not come further. */
  default void plan(int gradients) {}

  /** A gradient has been computed into the replica. */
  void computed(long iteration, OwnBatch batch);

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

  /** Whether all contributors to a step must agree on how much of the learning rate it takes. */
  boolean agreesOnRate();

  /**
   * Updates the weights.
   *
   * @param others what to add to {@code factor · own}
   * @param rate share of the learning rate to take
   */
  void step(List<Part> others, float factor, double rate);

  /** Forgets the gradients of an iteration that will not be stepped: weights are as before it. */
  void takeBack();

  /**
   * Whether a gradient that was computed cannot be taken back: the velocity contains it, and with
   * rounding nothing gets it out exactly.
   */
  boolean keepsGradients();

  /**
   * What the optimizers of all replicas remember alike, each of the layout, in the order of their
   * names: a worker that takes over a peer's weights takes it over, too, by writing into it.
   */
  List<MemorySegment> shared();

  /**
   * The optimizers' memory by name, each of the layout: what a checkpoint needs between two
   * iterations. To restore it, write into it.
   */
  Map<String, MemorySegment> memory();
}
