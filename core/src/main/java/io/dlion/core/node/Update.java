package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.Momentum;
import io.dlion.core.kernel.Velocity;
import io.dlion.core.wire.GradientMessage;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weighted model update (HPDC '21, section 3.2): {@code w ← w − η · Σ_j (b_j / B) · g_j}, with
 * momentum and weight decay applied to the sum. Gradients of peers are added up as they arrive;
 * where replicas must stay equal they are held until their iteration's turn and added in the order
 * of worker ids, the own one at its place. Confined to its node.
 */
final class Update {
  private final Replica replica;
  private final Momentum optimizer;
  private final List<Applied> held = new ArrayList<>();
  private float[] sum = {};
  private final @Nullable Velocity corrected;
  private boolean pending;
  private float ownScale = 1;

  /** A gradient and whose it is. */
  record Applied(WorkerId from, GradientMessage message) {
    long iteration() {
      return message.header().iteration();
    }
  }

  Update(Replica replica, Strategy strategy) {
    int size = replica.layout().size();
    this.replica = replica;
    this.corrected = strategy.correctsMomentum() ? new Velocity(size, strategy.momentum()) : null;
    // Corrected momentum leaves decay without its own: the sum of its geometric series stands in.
    this.optimizer =
        corrected == null
            ? new Momentum(
                size, strategy.learningRate(), strategy.momentum(), strategy.weightDecay())
            : new Momentum(
                size,
                strategy.learningRate(),
                0,
                strategy.weightDecay() / (1 - strategy.momentum()));
  }

  /** The optimizer's memory, for checkpoints; empty for plain SGD. */
  MemorySegment velocity() {
    return corrected != null ? corrected.values() : MemorySegment.ofArray(optimizer.velocity());
  }

  void restore(MemorySegment velocity) {
    velocity().copyFrom(velocity);
  }

  /** A gradient of that many samples has been computed into the replica. */
  void computed(int samples) {
    ownScale = corrected == null ? samples : 1;
    if (corrected != null) {
      corrected.add(replica.gradient(), samples);
    }
  }

  /**
   * Whether a gradient that was computed cannot be taken back: the velocity contains it, and with
   * rounding nothing gets it out exactly.
   */
  boolean keepsGradients() {
    return corrected != null;
  }

  /** What this worker adds to the update of all workers, {@link #ownScale} times. */
  MemorySegment own() {
    return corrected == null ? replica.gradient() : corrected.values();
  }

  /** What {@link #own} is multiplied by to become a sum over samples. */
  float ownScale() {
    return ownScale;
  }

  /** Adds a peer's gradient to the next step. */
  void add(GradientMessage message, float factor) {
    message.addTo(sum(), factor);
    pending = true;
  }

  /** Keeps a peer's gradient for the step of its iteration. */
  void hold(WorkerId from, GradientMessage message) {
    held.add(new Applied(from, message));
  }

  /** The gradients held for later steps. */
  List<Applied> held() {
    return List.copyOf(held);
  }

  /**
   * Updates the weights with all that was added, with what was held for this iteration, and with
   * the own gradient.
   *
   * @param factor weight of a sum over samples
   * @return the gradients that were held and are done with
   */
  List<Applied> step(long iteration, float factor, WorkerId self) {
    List<Applied> due =
        held.stream()
            .filter(h -> h.iteration() <= iteration)
            .sorted(Comparator.comparingLong(Applied::iteration).thenComparing(Applied::from))
            .toList();
    float own = factor * ownScale;
    if (!due.isEmpty()) {
      held.removeAll(due);
      boolean ownAdded = false;
      for (Applied h : due) {
        if (!ownAdded && h.iteration() == iteration && self.compareTo(h.from()) < 0) {
          Blocks.addScaled(own(), own, sum());
          ownAdded = true;
        }
        add(h.message(), factor);
      }
      if (!ownAdded) {
        Blocks.addScaled(own(), own, sum());
      }
      own = 0;
    }
    optimizer.step(pending ? sum : new float[0], own(), own, replica.weights());
    pending = false;
    return due;
  }

  private float[] sum() {
    if (sum.length == 0) {
      sum = new float[replica.layout().size()];
    }
    return sum;
  }
}
