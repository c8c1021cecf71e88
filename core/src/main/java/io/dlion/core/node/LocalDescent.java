package io.dlion.core.node;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.Momentum;
import io.dlion.core.kernel.Nesterov;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * DiLoCo (Douillard et al. '23, algorithm 1): an iteration is a round of H steps on the worker's
 * own gradients, after which the distance it went, {@code Δ = w_start − w_local}, is exchanged like
 * a gradient; the mean of all workers' moves w_start by one step of an outer optimizer, and the
 * next round begins there. The inner optimizer (SGD where the paper has AdamW) keeps its velocity
 * from round to round and to itself.
 *
 * <p>Where batches follow speed a slow worker's can be tiny, and steps of full size on so little
 * are what makes it diverge. A batch smaller than b_0 therefore counts less, {@code b / b_0} of its
 * gradient (the linear scaling rule, Goyal et al. '17, section 2.1); a larger one does not count
 * more. Confined to its node.
 */
final class LocalDescent implements Descent {
  private static final float[] NONE = {};

  private final Replica replica;
  private final int steps;
  private final float wholeBatch;
  private final Momentum inner;
  private final Nesterov outer;
  private final float[] start;
  private final float[] difference;
  private final float[] velocityAtStart;
  private final MemorySegment buffersAtStart;
  private int step;
  private int samples;

  LocalDescent(Replica replica, Strategy strategy) {
    int size = replica.layout().size();
    this.replica = replica;
    this.steps = strategy.localSteps();
    this.wholeBatch = strategy.initialBatch();
    this.inner =
        new Momentum(size, strategy.learningRate(), strategy.momentum(), strategy.weightDecay());
    this.outer = new Nesterov(size, strategy.outerLearningRate(), strategy.outerMomentum());
    this.start = new float[size];
    this.difference = new float[size];
    this.velocityAtStart = new float[inner.velocity().length];
    this.buffersAtStart = MemorySegment.ofArray(new float[replica.bufferLayout().size()]);
  }

  @Override
  public void computed(int batch) {
    if (step == 0) {
      MemorySegment.ofArray(start).copyFrom(replica.weights());
      MemorySegment.ofArray(velocityAtStart).copyFrom(MemorySegment.ofArray(inner.velocity()));
      buffersAtStart.copyFrom(replica.buffers());
    }
    inner.step(NONE, replica.gradient(), Math.min(1, batch / wholeBatch), replica.weights());
    step++;
    samples += batch;
    if (complete()) {
      System.arraycopy(start, 0, difference, 0, start.length);
      Blocks.addScaled(replica.weights(), -1, difference);
    }
  }

  @Override
  public boolean complete() {
    return step == steps;
  }

  @Override
  public boolean underway() {
    return step > 0;
  }

  @Override
  public MemorySegment own() {
    return MemorySegment.ofArray(difference);
  }

  @Override
  public float ownScale() {
    return samples;
  }

  @Override
  public boolean sound() {
    return Blocks.allFinite(own(), difference.length);
  }

  @Override
  public void step(float[] sum, float factor) {
    Blocks.scale(difference, difference.length, factor);
    if (sum.length > 0) {
      Blocks.addScaled(sum, sum.length, 1, difference);
      Arrays.fill(sum, 0);
    }
    outer.step(difference, start, 0, start.length);
    replica.weights().copyFrom(MemorySegment.ofArray(start));
    begin();
  }

  @Override
  public void takeBack() {
    if (step > 0) {
      replica.weights().copyFrom(MemorySegment.ofArray(start));
      replica.buffers().copyFrom(buffersAtStart);
      MemorySegment.ofArray(inner.velocity()).copyFrom(MemorySegment.ofArray(velocityAtStart));
      begin();
    }
  }

  @Override
  public boolean keepsGradients() {
    return false;
  }

  private void begin() {
    step = 0;
    samples = 0;
  }

  @Override
  public Map<String, MemorySegment> memory() {
    Map<String, MemorySegment> memory = new TreeMap<>();
    memory.put("velocity", MemorySegment.ofArray(inner.velocity()));
    memory.put("outer-velocity", MemorySegment.ofArray(outer.velocity()));
    memory.values().removeIf(values -> values.byteSize() == 0);
    return memory;
  }
}
