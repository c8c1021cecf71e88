package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.Part;
import io.dlion.core.kernel.Replacement;
import io.dlion.core.wire.GradientMessage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The weighted model update (HPDC '21, section 3.2): {@code w ← w − η · Σ_j (b_j / B) · g_j}, or
 * whatever else the {@link Descent} makes of the sum. A peer's whole gradient is kept until the
 * step, so that the model is gone through once for all of them, or until the next one of the same
 * peer; of others the entries are added up as they arrive. Where replicas must stay equal all are
 * held until their iteration's turn and added in the order of worker ids, the own one at its place.
 * Confined to its node.
 */
final class Update {
  private static final float[] NONE = {};

  private final Replica replica;
  private final Descent descent;
  private final boolean averages;
  private final Optional<Anticipation> anticipation;
  private final Outbox outbox;
  private final List<Applied> held = new ArrayList<>();
  private final SortedMap<WorkerId, Fresh> fresh = new TreeMap<>();
  private float[] sum = NONE;
  private boolean pending;

  /** A gradient and whose it is. */
  record Applied(WorkerId from, GradientMessage message) {
    long iteration() {
      return message.header().iteration();
    }
  }

  /** A peer's whole gradient, and what it adds to the step. */
  private record Fresh(GradientMessage message, Part part) {}

  /**
   * Nothing to apply so far.
   *
   * @param averages whether a step takes the mean over the samples of those gradients that it has,
   *     rather than weights them by what the global batch should be
   * @param anticipation what stands in for gradients that have not arrived, if anything does
   */
  Update(
      Replica replica,
      Descent descent,
      boolean averages,
      Optional<Anticipation> anticipation,
      Outbox outbox) {
    this.replica = replica;
    this.descent = descent;
    this.averages = averages;
    this.anticipation = anticipation;
    this.outbox = outbox;
  }

  /**
   * Adds a gradient that has just arrived to the next step, in the place of what stood in for it.
   */
  void arrived(Peer peer, GradientMessage message, float factor) {
    double seconds =
        peer.bytesPerSecond == 0 ? 0 : message.payload().length() / peer.bytesPerSecond;
    double entries = (double) Math.max(1, message.entries()) / replica.layout().elements();
    Optional<Replacement> replacement =
        anticipation.flatMap(a ->
            a.arrived(
                peer.id,
                message.header(),
                entries,
                factor,
                outbox.now(),
                Math.round(seconds * 1e9)));
    if (message.isWhole()) {
      Fresh before =
          fresh.put(
              peer.id,
              new Fresh(
                  message, replacement.map(message::part).orElseGet(() -> message.part(factor))));
      if (before != null) {
        Blocks.add(before.part, sum());
        outbox.consumed(peer.id, before.message.payload());
      }
    } else {
      replacement.ifPresentOrElse(
          r -> message.replace(r, sum()), () -> message.addTo(sum(), factor));
      outbox.consumed(peer.id, message.payload());
    }
  }

  /** Keeps a peer's gradient for the step of its iteration. */
  void hold(WorkerId from, GradientMessage message) {
    held.add(new Applied(from, message));
  }

  /** How many gradients of a peer are held for the step of an iteration and for later ones. */
  long held(WorkerId from, long since) {
    return held.stream().filter(h -> h.from().equals(from) && h.iteration() >= since).count();
  }

  /** Nothing will be applied any more. */
  void close() {
    held.forEach(h -> outbox.consumed(h.from, h.message.payload()));
    held.clear();
    consumeFresh();
  }

  private void consumeFresh() {
    fresh.forEach((from, f) -> outbox.consumed(from, f.message.payload()));
    fresh.clear();
  }

  /**
   * Updates the weights with all that was added, with what was held for this iteration, and with
   * the own gradient.
   *
   * @param factor weight of what workers contribute, unless the mean is taken
   * @param wholeBatch how many samples make a gradient one that can stand in for others, b_0
   * @return the gradients that were held and have been applied
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
      addInOrder(due, iteration, each, own, self);
      own = 0;
    }
    List<Part> parts = new ArrayList<>();
    if (pending) {
      parts.add(Part.taking(sum));
    }
    fresh.values().forEach(f -> parts.add(f.part));
    if (anticipation.isPresent()) {
      own +=
          anticipation
              .get()
              .stepped(
                  descent.own(),
                  descent.ownScale(),
                  descent.ownBatch(),
                  wholeBatch,
                  descent.ownShare(),
                  parts);
    }
    descent.step(parts, own);
    pending = false;
    consumeFresh();
    return due;
  }

  private void addInOrder(
      List<Applied> due, long iteration, float factor, float own, WorkerId self) {
    held.removeAll(due);
    boolean ownAdded = false;
    for (Applied h : due) {
      if (!ownAdded && h.iteration() == iteration && self.compareTo(h.from()) < 0) {
        Blocks.addScaled(descent.own(), own, sum());
        ownAdded = true;
      }
      h.message().addTo(sum(), factor);
      outbox.consumed(h.from, h.message.payload());
    }
    if (!ownAdded) {
      Blocks.addScaled(descent.own(), own, sum());
    }
  }

  /** Samples of the own gradient and of these: whole numbers, so that their order is no matter. */
  private double samples(List<Applied> due) {
    return descent.ownScale() + due.stream().mapToDouble(h -> h.message().header().scale()).sum();
  }

  /** What has been added up so far, to be added to. */
  private float[] sum() {
    if (sum.length == 0) {
      sum = new float[replica.layout().size()];
    }
    pending = true;
    return sum;
  }
}
