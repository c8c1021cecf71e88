package io.dlion.core.node;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.Momentum;
import io.dlion.core.kernel.Nesterov;
import io.dlion.core.kernel.Part;
import io.dlion.core.layout.Fragments;
import io.dlion.core.layout.Variable;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * DiLoCo (Douillard et al. '23, algorithm 1): an iteration is a round of H steps on the worker's
 * own gradients, after which the distance it went, {@code Δ = w_global − w_local}, is exchanged
 * like a gradient; the mean of all workers' moves w_global by one step of an outer optimizer, and
 * the next round begins there. The inner optimizer (SGD where the paper has AdamW) keeps its
 * velocity from round to round and to itself.
 *
 * <p>Streaming DiLoCo (Douillard et al. '25, algorithm 2): with P fragments an iteration is H/P
 * steps and exchanges one of them. With an overlap of τ steps Δ is taken and sent that many steps
 * before the iteration ends, and the worker keeps a share α of where it has gone meanwhile: {@code
 * w_local ← α·w_local + (1 − α)·w_global}.
 *
 * <p>Where batches follow speed a slow worker's can be tiny, and steps of full size on so little
 * are what makes it diverge. A batch smaller than b_0 therefore counts less, {@code b / b_0} of its
 * gradient (the linear scaling rule, Goyal et al. '17, section 2.1); a larger one does not count
 * more. Confined to its node.
 */
final class LocalDescent implements Descent {
  private final Replica replica;
  private final Strategy.Local local;
  private final Fragments fragments;
  private final Momentum inner;
  private final Nesterov outer;
  private final float[] global;
  private final float[] difference;

  /** What weights, velocity and buffers were when the iteration began. */
  private final float[] weightsBefore;

  private final float[] velocityBefore;
  private final MemorySegment buffersBefore;

  private long iteration;
  private int step;
  private int samples;

  LocalDescent(Replica replica, Strategy strategy) {
    int size = replica.layout().size();
    this.replica = replica;
    this.local = strategy.local(replica.layout());
    this.fragments = strategy.fragments(replica.layout());
    this.inner =
        new Momentum(size, strategy.learningRate(), strategy.momentum(), strategy.weightDecay());
    this.outer = new Nesterov(size, strategy.outerLearningRate(), strategy.outerMomentum());
    this.global = new float[size];
    this.difference = new float[size];
    this.weightsBefore = streams() ? new float[size] : global; // then they are the same
    this.velocityBefore = new float[inner.velocity().length];
    this.buffersBefore = MemorySegment.ofArray(new float[replica.bufferLayout().size()]);
    begin();
  }

  /** Whether the local weights differ from the global ones between two iterations. */
  private boolean streams() {
    return fragments.count() > 1 || local.overlap() > 0;
  }

  @Override
  public void begin() {
    memory().values().forEach(values -> values.fill((byte) 0));
    segment(global).copyFrom(replica.weights());
  }

  @Override
  public void computed(long now, int batch, float factor, int wholeBatch) {
    if (step == 0) {
      segment(weightsBefore).copyFrom(replica.weights());
      segment(velocityBefore).copyFrom(segment(inner.velocity()));
      buffersBefore.copyFrom(replica.buffers());
    }
    float share = Math.min(1, (float) batch / wholeBatch);
    inner.step(List.of(Part.of(replica.gradient(), share)), replica.weights());
    iteration = now;
    step++;
    if (step <= local.steps() - local.overlap()) {
      samples += batch;
    }
    if (contributes()) {
      System.arraycopy(global, 0, difference, 0, global.length);
      Blocks.addScaled(replica.weights(), -1, difference);
    }
  }

  @Override
  public boolean contributes() {
    return step == local.steps() - local.overlap();
  }

  @Override
  public boolean complete() {
    return step == local.steps();
  }

  @Override
  public boolean underway() {
    return step > 0;
  }

  @Override
  public MemorySegment own() {
    return segment(difference);
  }

  @Override
  public float ownScale() {
    return samples;
  }

  @Override
  public double ownBatch() {
    return samples;
  }

  @Override
  public double ownShare() {
    return 1; // it goes its own way, and nothing stands in for others
  }

  @Override
  public boolean sound() {
    return Blocks.allFinite(own(), difference.length);
  }

  @Override
  public void step(List<Part> others, float factor) {
    Blocks.scale(difference, difference.length, factor);
    others.forEach(part -> Blocks.add(part, difference));
    for (Variable v : fragments.of(iteration)) {
      outer.step(difference, global, v.offset(), v.end());
      takeOver(v);
    }
    endIteration();
  }

  private void takeOver(Variable v) {
    MemorySegment from = slice(segment(global), v);
    MemorySegment to = slice(replica.weights(), v);
    if (local.kept() == 0) {
      to.copyFrom(from); // exactly: replicas stay equal
    } else {
      Blocks.blend(to, from, v.count(), 1 - local.kept());
    }
  }

  @Override
  public void takeBack() {
    if (underway()) {
      replica.weights().copyFrom(segment(weightsBefore));
      replica.buffers().copyFrom(buffersBefore);
      segment(inner.velocity()).copyFrom(segment(velocityBefore));
      endIteration();
    }
  }

  @Override
  public boolean keepsGradients() {
    return false;
  }

  private void endIteration() {
    step = 0;
    samples = 0;
  }

  @Override
  public MemorySegment shared() {
    return segment(outer.velocity());
  }

  @Override
  public Map<String, MemorySegment> memory() {
    Map<String, MemorySegment> memory = new TreeMap<>();
    memory.put("velocity", segment(inner.velocity()));
    memory.put("outer-velocity", segment(outer.velocity()));
    memory.values().removeIf(values -> values.byteSize() == 0);
    if (streams()) {
      memory.put("global", segment(global));
    }
    return memory;
  }

  private static MemorySegment segment(float[] values) {
    return MemorySegment.ofArray(values);
  }

  private static MemorySegment slice(MemorySegment values, Variable v) {
    return values.asSlice(4L * v.offset(), 4L * v.count());
  }
}
