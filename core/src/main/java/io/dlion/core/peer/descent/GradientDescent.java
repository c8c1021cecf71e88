package io.dlion.core.peer.descent;

import io.dlion.core.kernel.Part;
import io.dlion.core.node.Replica;
import io.dlion.core.optimizer.Optimizer;
import io.dlion.core.optimizer.Rates;
import io.dlion.core.optimizer.SenderOptimizer;
import io.dlion.core.strategy.Strategy;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every gradient is exchanged. Either as it is, and the optimizer works on the weighted sum of all
 * workers'; or after the sender's optimizer has worked on it, and the sum is applied as it is.
 *
 * <p>Where a schedule changes the learning rate, replicas that stay alike agree on the mean of what
 * contributors take it to be ({@link #agreesOnRate}). Else each worker multiplies what it sends, so
 * that it counts for the same in all replicas whenever it arrives. Only a step that is not
 * proportional to the update takes the receiver's rate. Confined to its node.
 */
public final class GradientDescent implements Descent {
  private final Replica replica;
  private final Optimizer optimizer;
  private final @Nullable SenderOptimizer sender;
  private final boolean ordered;
  private final boolean scales;
  private float ownScale = 1; // and stays so where a sender's optimizer weighs
  private double samplesSum;
  private double shareSum;
  private double share;
  private double weightSum;

  /** At rest. */
  public GradientDescent(Replica replica, Strategy strategy) {
    var rule = strategy.descent();
    this.replica = replica;
    this.ordered = strategy.synchronization().ordered();
    this.sender = rule.atSender() ? rule.optimizer().atSender(replica.layout()) : null;
    this.optimizer =
        rule.atSender()
            ? rule.optimizer().behindSenders(replica.layout())
            : rule.optimizer().atReceiver(replica.layout());
    this.scales = !ordered && (rule.atSender() || rule.optimizer().isLinear());
  }

  @Override
  public void begin(long iterations) {
    memory().values().forEach(values -> values.fill((byte) 0));
    optimizer.resume(iterations);
    if (sender != null) {
      sender.resume(0);
    }
    samplesSum = 0;
    shareSum = 0;
    weightSum = 0;
  }

  @Override
  public void resume(long iterations) {
    optimizer.resume(iterations);
    if (sender != null) {
      sender.resume(iterations);
    }
  }

  @Override
  public void resumeKept(long iteration) {
    if (sender != null) {
      sender.resume(iteration + 1);
    }
  }

  @Override
  public void computed(long iteration, OwnBatch batch) {
    double remembered = sender == null ? 0 : sender.remembered();
    share = (double) batch.samples() * batch.factor();
    float weighted = (float) (share * batch.weight() * (scales ? batch.rate() : 1));
    samplesSum = remembered * samplesSum + batch.samples();
    shareSum = remembered * shareSum + share;
    weightSum = remembered * weightSum + 1;
    if (sender == null) {
      ownScale = weighted;
    } else {
      sender.take(replica.gradient(), weighted);
    }
  }

  @Override
  public boolean contributes() {
    return true;
  }

  @Override
  public boolean complete() {
    return true;
  }

  @Override
  public boolean underway() {
    return false;
  }

  @Override
  public MemorySegment own() {
    return sender == null ? replica.gradient() : sender.values();
  }

  @Override
  public float ownScale() {
    return ownScale;
  }

  @Override
  public double ownBatch() {
    return samplesSum / weightSum;
  }

  @Override
  public double ownShare() {
    return sender != null && sender.containsWeights() ? shareSum / weightSum : share;
  }

  @Override
  public boolean sound() {
    return true;
  }

  @Override
  public boolean agreesOnRate() {
    return ordered;
  }

  @Override
  public void step(List<Part> others, float factor, double rate) {
    List<Part> update = new ArrayList<>();
    if (factor != 0) { // else the gradient is not looked at: it may be from another batch
      update.add(Part.of(own(), factor));
    }
    update.addAll(others);
    optimizer.step(update, replica.weights(), new Rates(scales ? 1 : rate, rate));
  }

  @Override
  public void takeBack() {}

  @Override
  public boolean keepsGradients() {
    return sender != null;
  }

  @Override
  public List<MemorySegment> shared() {
    return new TreeMap<>(optimizer.memory()).values().stream().map(MemorySegment::ofArray).toList();
  }

  @Override
  public Map<String, MemorySegment> memory() {
    Map<String, MemorySegment> memory = new TreeMap<>();
    optimizer.memory().forEach((name, values) -> memory.put(name, MemorySegment.ofArray(values)));
    if (sender != null) {
      sender.memory().forEach((name, values) -> memory.put(name, MemorySegment.ofArray(values)));
    }
    return memory;
  }
}
