package io.dlion.core.peer.descent;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.Part;
import io.dlion.core.layout.Fragments;
import io.dlion.core.layout.Variable;
import io.dlion.core.node.Replica;
import io.dlion.core.optimizer.Optimizer;
import io.dlion.core.optimizer.OptimizerRule;
import io.dlion.core.optimizer.OuterOptimizer;
import io.dlion.core.optimizer.Rates;
import io.dlion.core.strategy.LocalSteps;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * DiLoCo (Douillard et al. '23, algorithm 1): an iteration is a round of H steps on the worker's
 * own gradients, after which the distance it went, {@code Δ = w_global − w_local}, is exchanged
 * like a gradient; the mean of all workers' moves w_global by one step of an outer optimizer, and
 * the next round begins there. The inner optimizer keeps its memory from round to round and to
 * itself; a schedule changes its learning rate.
 *
 * <p>Streaming DiLoCo (Douillard et al. '25, algorithm 2): with P fragments an iteration is H/P
 * steps and exchanges one of them. With an overlap of τ steps Δ is taken and sent that many steps
 * before the iteration ends, and the worker keeps a share α of where it has gone meanwhile: {@code
 * w_local ← α·w_local + (1 − α)·w_global}.
 *
 * <p>Where workers do not wait for each other (Liu et al. '24) a round has as many steps as {@link
 * #plan} says, w_global moves by the sum of what has come, and each worker weights its own part
 * before it is sent, see {@link io.dlion.core.optimizer.DelayedNesterov}.
 *
 * <p>NoLoCo (Kolehmainen et al. '25) has another outer step, with one partner: {@code w_global} is
 * then a worker's own, see {@link io.dlion.core.optimizer.PairMomentum}.
 *
 * <p>Where batches follow speed a slow worker's can be tiny, and steps of full size on so little
 * are what makes it diverge. A batch smaller than b_0 therefore counts less, {@code b / b_0} of its
 * gradient (the linear scaling rule, Goyal et al. '17, section 2.1), or of the learning rate where
 * the inner optimizer does not heed a gradient's size; a larger one does not count more. Confined
 * to its node.
 */
public final class LocalDescent implements Descent {
  private final Replica replica;
  private final LocalSteps local;
  private int steps;
  private final Fragments fragments;
  private final Optimizer inner;

  /** Whether a step of the inner optimizer is proportional to the gradient. */
  private final boolean proportional;

  private final OuterOptimizer outer;
  private final float[] global;
  private final float[] difference;

  /** What weights, inner memory and buffers were when the iteration began. */
  private final float[] weightsBefore;

  /** The outer velocity before this worker contributed, where contributions change it. */
  private final float[] velocityBefore;

  private final Map<String, float[]> memoryBefore = new TreeMap<>();
  private final MemorySegment buffersBefore;

  private long iteration;
  private int step;
  private int samples;

  /** Steps of the inner optimizer since it was at rest. */
  private long stepped;

  /** At rest. */
  public LocalDescent(Replica replica, OptimizerRule optimizer, LocalSteps local) {
    int size = replica.layout().size();
    this.replica = replica;
    this.local = local;
    this.steps = local.perIteration(replica.layout());
    this.fragments = local.fragments(replica.layout());
    this.inner = optimizer.atReceiver(replica.layout());
    this.proportional = optimizer.isLinear();
    this.outer = local.outer(size);
    this.global = new float[size];
    this.difference = new float[size];
    this.weightsBefore = streams() ? new float[size] : global; // then they are the same
    this.velocityBefore = new float[outer.isShared() ? 0 : outer.velocity().length];
    inner.memory().forEach((name, values) -> memoryBefore.put(name, new float[values.length]));
    this.buffersBefore = MemorySegment.ofArray(new float[replica.bufferLayout().size()]);
    begin(0);
  }

  /** Whether the local weights differ from the global ones between two iterations. */
  private boolean streams() {
    return fragments.count() > 1 || local.overlap() > 0;
  }

  @Override
  public void begin(long iterations) {
    memory().values().forEach(values -> values.fill((byte) 0));
    segment(global).copyFrom(replica.weights());
    resumeInner(0);
  }

  @Override
  public void resume(long iterations) {
    resumeInner(iterations * steps);
  }

  private void resumeInner(long done) {
    stepped = done;
    inner.resume(done);
  }

  @Override
  public void resumeKept(long kept) {} // none ever is

  @Override
  public void plan(int gradients) {
    if (step < steps - local.overlap()) { // else the distance is on its way
      steps = Math.max(gradients, step + 1 + local.overlap());
    }
  }

  @Override
  public void computed(long now, OwnBatch batch) {
    if (step == 0) {
      segment(weightsBefore).copyFrom(replica.weights());
      copy(inner.memory(), memoryBefore);
      buffersBefore.copyFrom(replica.buffers());
    }
    float share = Math.min(1, (float) batch.samples() / batch.whole());
    inner.step(
        List.of(Part.of(replica.gradient(), proportional ? share : 1)),
        replica.weights(),
        new Rates(proportional ? batch.rate() : share * batch.rate(), batch.rate()));
    iteration = now;
    step++;
    stepped++;
    if (step <= steps - local.overlap()) {
      samples += batch.samples();
    }
    if (contributes()) {
      System.arraycopy(global, 0, difference, 0, global.length);
      Blocks.addScaled(replica.weights(), -1, difference);
      if (local.isDecoupled()) {
        Blocks.scale(difference, difference.length, (float) batch.weight());
      }
      System.arraycopy(outer.velocity(), 0, velocityBefore, 0, velocityBefore.length);
      outer.contribute(now, difference, global);
    }
  }

  @Override
  public boolean contributes() {
    return step == steps - local.overlap();
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
    return segment(difference);
  }

  @Override
  public float ownScale() {
    return outer.weighsSamples() ? samples : 1;
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
  public boolean agreesOnRate() {
    return false; // the rate is that of local steps
  }

  @Override
  public void step(List<Part> others, float factor, double rate) {
    if (factor == 0) {
      Arrays.fill(difference, 0); // whatever it was
    } else {
      Blocks.scale(difference, difference.length, factor);
    }
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
      if (step >= steps - local.overlap()) {
        System.arraycopy(velocityBefore, 0, outer.velocity(), 0, velocityBefore.length);
      }
      replica.weights().copyFrom(segment(weightsBefore));
      replica.buffers().copyFrom(buffersBefore);
      copy(memoryBefore, inner.memory());
      resumeInner(stepped - step);
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
  public List<MemorySegment> shared() {
    return outer.velocity().length == 0 || !outer.isShared()
        ? List.of()
        : List.of(segment(outer.velocity()));
  }

  @Override
  public Map<String, MemorySegment> memory() {
    Map<String, MemorySegment> memory = new TreeMap<>();
    inner.memory().forEach((name, values) -> memory.put(name, segment(values)));
    memory.put("outer-velocity", segment(outer.velocity()));
    memory.values().removeIf(values -> values.byteSize() == 0);
    if (streams()) {
      memory.put("global", segment(global));
    }
    return memory;
  }

  private static void copy(Map<String, float[]> from, Map<String, float[]> to) {
    from.forEach((name, values) -> {
      float[] into = to.getOrDefault(name, values);
      System.arraycopy(values, 0, into, 0, values.length);
    });
  }

  private static MemorySegment segment(float[] values) {
    return MemorySegment.ofArray(values);
  }

  private static MemorySegment slice(MemorySegment values, Variable v) {
    return values.asSlice(4L * v.offset(), 4L * v.count());
  }
}
