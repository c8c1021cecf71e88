package io.dlion.core.node;

import io.dlion.core.kernel.Momentum;
import io.dlion.core.kernel.Part;
import io.dlion.core.kernel.Velocity;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every gradient is exchanged and applied as it is, with momentum and weight decay applied to the
 * weighted sum of all workers'; or with momentum applied by the sender. Confined to its node.
 */
final class GradientDescent implements Descent {
  private final Replica replica;
  private final Momentum optimizer;
  private final @Nullable Velocity corrected;
  private final Optional<Anticipation> anticipation;
  private float ownScale = 1;
  private final double remembered;
  private double samplesSum;
  private double shareSum;
  private double weightSum;

  GradientDescent(Replica replica, Strategy strategy, Optional<Anticipation> anticipation) {
    int size = replica.layout().size();
    this.replica = replica;
    this.anticipation = anticipation;
    this.remembered = strategy.correctsMomentum() ? strategy.momentum() : 0;
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

  @Override
  public void begin() {
    memory().values().forEach(values -> values.fill((byte) 0));
    samplesSum = 0;
    shareSum = 0;
    weightSum = 0;
  }

  @Override
  public void computed(long iteration, int samples, float factor, int wholeBatch) {
    double share = (double) samples * factor;
    float weighted = (float) (share * anticipation.map(Anticipation::weight).orElse(1.0));
    ownScale = corrected == null ? weighted : 1;
    samplesSum = remembered * samplesSum + samples;
    shareSum = remembered * shareSum + share;
    weightSum = remembered * weightSum + 1;
    if (corrected != null) {
      corrected.add(replica.gradient(), weighted);
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
    return corrected == null ? replica.gradient() : corrected.values();
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
    return shareSum / weightSum;
  }

  @Override
  public boolean sound() {
    return true;
  }

  @Override
  public void step(List<Part> others, float factor) {
    List<Part> update = new ArrayList<>();
    if (factor != 0) { // else the gradient is not looked at: it may be from another batch
      update.add(Part.of(own(), factor));
    }
    update.addAll(others);
    optimizer.step(update, replica.weights());
  }

  @Override
  public void takeBack() {}

  @Override
  public boolean keepsGradients() {
    return corrected != null;
  }

  @Override
  public MemorySegment shared() {
    return MemorySegment.ofArray(optimizer.velocity());
  }

  @Override
  public Map<String, MemorySegment> memory() {
    if (corrected != null) {
      return Map.of("sent-velocity", corrected.values());
    }
    float[] velocity = optimizer.velocity();
    return velocity.length == 0 ? Map.of() : Map.of("velocity", MemorySegment.ofArray(velocity));
  }
}
