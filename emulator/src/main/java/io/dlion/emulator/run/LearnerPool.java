package io.dlion.emulator.run;

import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.Learner;
import io.dlion.core.learn.LearnerFactory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/**
 * A learner for each core, which all emulated workers use by turns. What is computed depends only
 * on the memory that a task brings along, so which learner does it, and when, makes no difference.
 * With one core nothing runs beside the emulation: a task is done when its result is asked for.
 *
 * <p>Used by the emulation's thread only.
 */
public final class LearnerPool implements AutoCloseable {
  private static final WorkerId NOBODY = new WorkerId("emulated");

  private final List<Learner> all = new ArrayList<>();
  private final BlockingQueue<Learner> free;
  private final ExecutorService threads;
  private final boolean parallel;
  private final float[] initialWeights;
  private final float[] initialBuffers;

  /** A pool of {@code cores} learners, made with the run's initial weights. */
  public LearnerPool(LearnerFactory factory, int cores) {
    if (cores < 1) {
      throw new IllegalArgumentException("cores: expected at least 1, found " + cores);
    }
    free = new ArrayBlockingQueue<>(cores);
    for (int i = 0; i < cores; i++) {
      Learner learner = factory.create(NOBODY);
      all.add(learner);
      free.add(learner);
    }
    parallel = cores > 1;
    threads =
        Executors.newFixedThreadPool(
            cores, Thread.ofPlatform().name("dlion-emulator-", 0).daemon().factory());
    initialWeights = floats(all.getFirst().weights());
    initialBuffers = floats(all.getFirst().buffers());
  }

  private static float[] floats(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_FLOAT);
  }

  /** Layout of weights and gradients. */
  public ParameterLayout parameters() {
    return all.getFirst().parameters();
  }

  /** Layout of buffers. */
  public ParameterLayout bufferLayout() {
    return all.getFirst().bufferLayout();
  }

  /** The least batch that the model can learn from, in samples. */
  int minimumBatch() {
    return all.getFirst().minimumBatch();
  }

  /** A copy of the weights that every worker starts with. */
  float[] initialWeights() {
    return initialWeights.clone();
  }

  /** A copy of the buffers that every worker starts with. */
  float[] initialBuffers() {
    return initialBuffers.clone();
  }

  /** Begins something with a learner; with one core it begins when it is waited for. */
  <T> Task<T> submit(Function<Learner, T> what) {
    Task<T> task = new Task<>(new FutureTask<>(() -> with(what)), !parallel);
    if (parallel) {
      threads.execute(task.future);
    }
    return task;
  }

  private <T> T with(Function<Learner, T> what) throws InterruptedException {
    Learner learner = free.take();
    try {
      return what.apply(learner);
    } finally {
      free.add(learner);
    }
  }

  /** Something under way. */
  static final class Task<T> {
    private final FutureTask<T> future;
    private final boolean lazy;

    private Task(FutureTask<T> future, boolean lazy) {
      this.future = future;
      this.lazy = lazy;
    }

    /** What it came to; waits for it, or does it. */
    T result() {
      if (lazy) {
        future.run();
      }
      try {
        return future.get();
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case RuntimeException cause -> throw cause;
          case Error cause -> throw cause;
          case null, default -> throw new IllegalStateException(e.getCause());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while computing", e);
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
    all.forEach(Learner::close);
  }
}
