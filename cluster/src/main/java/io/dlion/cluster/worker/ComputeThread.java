package io.dlion.cluster.worker;

import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import io.dlion.core.learn.Sampler;
import io.dlion.core.learn.Seeds;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * The thread on which a worker computes, with its learner and its share of the data. With a {@link
 * Handicap} it rests after each gradient, and what it reports includes the rest.
 */
final class ComputeThread implements AutoCloseable {
  private final ExecutorService executor;
  private final RunClock clock;
  private final Examples shard;
  private final Examples test;
  private final Examples testSample;
  private final Sampler sampler;
  private final Handicap handicap;
  private int[] rows = {};

  /** The compute thread of this worker. */
  ComputeThread(Member member, RunSpec spec, RunClock clock) {
    this.executor =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("dlion-" + member.id() + "-compute").factory());
    this.clock = clock;
    this.shard = member.shard();
    this.test = spec.tests().all();
    this.testSample = spec.tests().sample();
    this.sampler = new Sampler(shard.count(), Seeds.derive(spec.task().seed(), member.id().name()));
    this.handicap = member.handicap();
  }

  /** Runs something on this thread, such as making the learner. */
  <T> Future<T> call(java.util.concurrent.Callable<T> task) {
    return executor.submit(task);
  }

  /** Computes a gradient and passes the event on; failures go to {@code failed}. */
  void compute(
      Learner learner, Action.Compute what, Consumer<Event> done, Consumer<Throwable> failed) {
    submit(
        () -> {
          long begun = clock.nowNanos();
          long waitedBefore = what.profiled() ? RunQueue.waitedNanos() : 0;
          if (rows.length < what.samples()) {
            rows = new int[what.samples()];
          }
          sampler.draw(what.position(), what.samples(), rows);
          double loss = learner.gradient(shard, rows, what.samples(), what.seed());
          rest(clock.nowNanos() - begun);
          long waited = what.profiled() ? RunQueue.waitedNanos() - waitedBefore : 0;
          long now = clock.nowNanos();
          done.accept(new Event.Computed(now, loss, now - begun, waited));
        },
        failed);
  }

  /** Evaluates the learner and passes the event on; failures go to {@code failed}. */
  void evaluate(Learner learner, boolean whole, Consumer<Event> done, Consumer<Throwable> failed) {
    submit(
        () -> {
          Evaluation evaluation = learner.evaluate(whole ? test : testSample);
          done.accept(new Event.Evaluated(clock.nowNanos(), evaluation));
        },
        failed);
  }

  private interface Task {
    void run() throws InterruptedException;
  }

  private void submit(Task task, Consumer<Throwable> failed) {
    executor.execute(() -> {
      try {
        task.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException | Error e) {
        failed.accept(e);
      }
    });
  }

  private void rest(long computedNanos) throws InterruptedException {
    long rest = handicap.restNanos(computedNanos);
    if (rest > 0) {
      java.util.concurrent.TimeUnit.NANOSECONDS.sleep(rest);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
    executor.close();
  }
}
