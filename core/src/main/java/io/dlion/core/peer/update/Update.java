package io.dlion.core.peer.update;

import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.Part;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.Replica;
import io.dlion.core.peer.descent.Descent;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.HeaderExtension.Kind;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
public final class Update {
  private static final float[] NONE = {};

  private final Replica replica;
  private final Descent descent;
  private final boolean averages;
  private final UpdateRule rule;
  private final Outbox outbox;
  private final List<Applied> held = new ArrayList<>();
  private final SortedMap<WorkerId, Fresh> fresh = new TreeMap<>();
  private float[] sum = NONE;
  private boolean pending;

  /**
   * A gradient and whose it is.
   *
   * @param from its sender
   * @param message with the gradient
   * @param senderWent whether its sender has gone since, and begins anew should it come again
   */
  public record Applied(WorkerId from, GradientMessage message, boolean senderWent) {
    long iteration() {
      return message.header().iteration();
    }

    private boolean isOf(WorkerId sender, long since) {
      return from.equals(sender) && iteration() >= since;
    }
  }

  /** A peer's whole gradient, and what it adds to the step. */
  private record Fresh(GradientMessage message, Part part) {}

  /**
   * Nothing to apply so far.
   *
   * @param averages whether a step takes the mean over the samples of those gradients that it has,
   *     rather than weights them by what the global batch should be
   * @param rule what own gradients and those that arrive add to a step
   */
  public Update(
      Replica replica, Descent descent, boolean averages, UpdateRule rule, Outbox outbox) {
    this.replica = replica;
    this.descent = descent;
    this.averages = averages;
    this.rule = rule;
    this.outbox = outbox;
  }

  /**
   * Adds a gradient that has just arrived to the next step.
   *
   * @param linkSeconds how long its link takes for it; 0 where that is not known
   */
  public void arrived(WorkerId from, GradientMessage message, float factor, double linkSeconds) {
    double entries = (double) Math.max(1, message.entries()) / replica.layout().elements();
    GradientMessage.Taker taker =
        rule.arrived(from, message, entries, factor, outbox.now(), Math.round(linkSeconds * 1e9));
    if (message.isWhole()) {
      Fresh before = fresh.put(from, new Fresh(message, message.part(taker)));
      if (before != null) {
        Blocks.add(before.part, sum());
        outbox.consumed(from, before.message.payload());
      }
    } else {
      message.deliver(taker, sum());
      outbox.consumed(from, message.payload());
    }
  }

  /**
   * Keeps a peer's gradient for the step of its iteration. A worker that went when it had sent one
   * of the same iteration has taken that back, and come again to compute it once more: it counts
   * once, as in its sender.
   */
  public void hold(WorkerId from, GradientMessage message) {
    Applied now = new Applied(from, message, false);
    List<Applied> before =
        held.stream().filter(h -> h.from.equals(from) && h.iteration() == now.iteration()).toList();
    held.removeAll(before);
    before.forEach(h -> outbox.consumed(from, h.message.payload()));
    held.add(now);
  }

  /**
   * How many gradients of a peer are held for the step of an iteration and for later ones: of those
   * that it has sent since it came, or came again.
   */
  public long held(WorkerId from, long since) {
    return held.stream().filter(h -> h.isOf(from, since) && !h.senderWent).count();
  }

  /** How many are held of a peer, from before it came again too. */
  public long heldEver(WorkerId from, long since) {
    return held.stream().filter(h -> h.isOf(from, since)).count();
  }

  /** A peer has gone: what is held of it is applied, but says nothing about it any more. */
  public void gone(WorkerId peer) {
    held.replaceAll(h -> h.from.equals(peer) ? new Applied(h.from, h.message, true) : h);
  }

  /** Nothing will be applied any more. */
  public void close() {
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
   * @param rate share of the learning rate that this worker's schedule asks for
   * @return the gradients that were held and have been applied
   */
  public List<Applied> step(long iteration, float factor, int wholeBatch, double rate) {
    List<Applied> due =
        held.stream()
            .filter(h -> h.iteration() <= iteration)
            .sorted(Comparator.comparingLong(Applied::iteration).thenComparing(Applied::from))
            .toList();
    double taken = descent.agreesOnRate() ? agreed(due, rate) : rate;
    float each = averages ? (float) (1 / samples(due)) : factor;
    float own = each * descent.ownScale();
    if (!due.isEmpty()) {
      addInOrder(due, iteration, each, own);
      own = 0;
    }
    List<Part> parts = new ArrayList<>();
    if (pending) {
      parts.add(Part.taking(sum));
    }
    fresh.values().forEach(f -> parts.add(f.part));
    own += rule.stepped(own(), wholeBatch, parts);
    descent.step(parts, own, taken);
    pending = false;
    consumeFresh();
    return due;
  }

  /** Updates the weights with what has arrived since the last step, and nothing of this worker. */
  public void applyArrived() {
    List<Part> parts = new ArrayList<>();
    if (pending) {
      parts.add(Part.taking(sum));
    }
    fresh.values().forEach(f -> parts.add(f.part));
    if (!parts.isEmpty()) {
      descent.step(parts, 0, 1);
    }
    pending = false;
    consumeFresh();
  }

  private UpdateRule.Own own() {
    return new UpdateRule.Own(
        descent.own(), descent.ownScale(), descent.ownBatch(), descent.ownShare());
  }

  /**
   * The mean of what contributors take the rate to be, weighted as their gradients are: added up in
   * the order of worker ids, so that it is the same in all replicas.
   */
  private double agreed(List<Applied> due, double rate) {
    SortedMap<WorkerId, double[]> all = new TreeMap<>();
    all.put(outbox.self(), new double[] {descent.ownScale(), rate});
    for (Applied h : due) {
      var header = h.message.header();
      all.put(h.from, new double[] {header.scale(), header.extension().get(Kind.RATE, 1)});
    }
    double sum = 0;
    double scales = 0;
    for (double[] one : all.values()) {
      sum += one[0] * one[1];
      scales += one[0];
    }
    return sum / scales;
  }

  /**
   * Adds to an update what takes back all that was put into the weights in advance, and what has
   * been added for the next step.
   *
   * @return whether anything was put into the weights in advance
   */
  public boolean takeBack(float[] update) {
    if (pending) {
      Blocks.add(Part.of(MemorySegment.ofArray(sum), 1), update);
    }
    return rule.takeBack(update);
  }

  private void addInOrder(List<Applied> due, long iteration, float factor, float own) {
    held.removeAll(due);
    boolean ownAdded = false;
    for (Applied h : due) {
      if (!ownAdded && h.iteration() == iteration && outbox.self().compareTo(h.from()) < 0) {
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
