package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.wire.GradientMessage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The weighted model update (HPDC '21, section 3.2): {@code w ← w − η · Σ_j (b_j / B) · g_j}, or
 * whatever else the {@link Descent} makes of the sum. Gradients of peers are added up as they
 * arrive; where replicas must stay equal they are held until their iteration's turn and added in
 * the order of worker ids, the own one at its place. Confined to its node.
 */
final class Update {
  private static final float[] NONE = {};

  private final Replica replica;
  private final Descent descent;
  private final boolean averages;
  private final Optional<Anticipation> anticipation;
  private final List<Applied> held = new ArrayList<>();
  private float[] sum = NONE;
  private boolean pending;

  /** A gradient and whose it is. */
  record Applied(WorkerId from, GradientMessage message) {
    long iteration() {
      return message.header().iteration();
    }
  }

  /**
   * Nothing to apply so far.
   *
   * @param averages whether a step takes the mean over the samples of those gradients that it has,
   *     rather than weights them by what the global batch should be
   * @param anticipation what stands in for gradients that have not arrived, if anything does
   */
  Update(Replica replica, Descent descent, boolean averages, Optional<Anticipation> anticipation) {
    this.replica = replica;
    this.descent = descent;
    this.averages = averages;
    this.anticipation = anticipation;
  }

  /** Adds a peer's gradient to the next step. */
  void add(GradientMessage message, float factor) {
    message.addTo(sum(), factor);
    pending = true;
  }

  /**
   * Adds a gradient that has just arrived to the next step, in the place of what stood in for it.
   */
  void arrived(Peer peer, GradientMessage message, float factor, long nowNanos) {
    if (anticipation.isEmpty()) {
      add(message, factor);
      return;
    }
    double seconds =
        peer.bytesPerSecond == 0 ? 0 : message.payload().length() / peer.bytesPerSecond;
    anticipation
        .get()
        .arrived(peer.id, message, factor, nowNanos, Math.round(seconds * 1e9), sum());
    pending = true;
  }

  /** Keeps a peer's gradient for the step of its iteration. */
  void hold(WorkerId from, GradientMessage message) {
    held.add(new Applied(from, message));
  }

  /** How many gradients of a peer are held for later steps. */
  long held(WorkerId from) {
    return held.stream().filter(h -> h.from().equals(from)).count();
  }

  /** The gradients held for later steps. */
  List<Applied> held() {
    return List.copyOf(held);
  }

  /**
   * Updates the weights with all that was added, with what was held for this iteration, and with
   * the own gradient.
   *
   * @param factor weight of a sum over samples, unless the mean is taken
   * @param wholeBatch how many samples make a gradient one that can stand in for others, b_0
   * @return the gradients that were held and are done with
   */
  List<Applied> step(long iteration, float factor, WorkerId self, int wholeBatch) {
    List<Applied> due =
        held.stream()
            .filter(h -> h.iteration() <= iteration)
            .sorted(Comparator.comparingLong(Applied::iteration).thenComparing(Applied::from))
            .toList();
    float each = averages ? (float) (1 / samples(due)) : factor;
    float own = each * descent.ownScale();
    if (!due.isEmpty()) {
      held.removeAll(due);
      boolean ownAdded = false;
      for (Applied h : due) {
        if (!ownAdded && h.iteration() == iteration && self.compareTo(h.from()) < 0) {
          Blocks.addScaled(descent.own(), own, sum());
          ownAdded = true;
        }
        add(h.message(), each);
      }
      if (!ownAdded) {
        Blocks.addScaled(descent.own(), own, sum());
      }
      own = 0;
    }
    if (anticipation.isPresent()) {
      double batch = descent.ownBatch();
      float others = Math.max(0, 1 - (float) (factor * batch));
      own +=
          anticipation.get().stepped(descent.own(), descent.ownScale(), batch, wholeBatch, others);
    }
    descent.step(pending ? sum : NONE, own);
    pending = false;
    return due;
  }

  /** Samples of the own gradient and of these: whole numbers, so that their order is no matter. */
  private double samples(List<Applied> due) {
    return descent.ownScale() + due.stream().mapToDouble(h -> h.message().header().scale()).sum();
  }

  private float[] sum() {
    if (sum.length == 0) {
      sum = new float[replica.layout().size()];
    }
    return sum;
  }
}
