package io.dlion.cli.runtime;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import io.dlion.emulator.check.StubLearner;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A stub that takes a moment for a gradient, and fails on those who have a shard of some size. */
final class TroubledLearner implements Learner {
  private final StubLearner stub;
  private final long stepNanos;
  private final Optional<Integer> crashes;
  private final Optional<Integer> diverges;
  private int suspect; // gradients of those in trouble

  TroubledLearner(
      int parameters, long stepNanos, Optional<Integer> crashes, Optional<Integer> diverges) {
    this.stub = new StubLearner(parameters);
    this.stepNanos = stepNanos;
    this.crashes = crashes;
    this.diverges = diverges;
  }

  @Override
  public ParameterLayout parameters() {
    return stub.parameters();
  }

  @Override
  public ParameterLayout bufferLayout() {
    return stub.bufferLayout();
  }

  @Override
  public MemorySegment weights() {
    return stub.weights();
  }

  @Override
  public MemorySegment gradient() {
    return stub.gradient();
  }

  @Override
  public MemorySegment buffers() {
    return stub.buffers();
  }

  @Override
  public double gradient(Examples examples, int[] rows, int size, long seed) {
    LockSupport.parkNanos(stepNanos);
    boolean crash = crashes.filter(shard -> shard == examples.count()).isPresent();
    boolean diverge = diverges.filter(shard -> shard == examples.count()).isPresent();
    if (crash || diverge) {
      suspect++;
    }
    if (crash && suspect > Job.UNTIL_TROUBLE) {
      throw new IllegalStateException("crashed on purpose");
    }
    double loss = stub.gradient(examples, rows, size, seed);
    return diverge && suspect > Job.UNTIL_TROUBLE ? Double.NaN : loss;
  }

  @Override
  public Evaluation evaluate(Examples examples) {
    return stub.evaluate(examples);
  }

  @Override
  public void close() {
    stub.close();
  }
}
