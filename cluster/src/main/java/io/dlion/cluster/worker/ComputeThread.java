package io.dlion.cluster.worker;

import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import io.dlion.core.learn.Sampler;
import io.dlion.core.learn.Seeds;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * The thread on which a worker computes, with its learner and its share of the data. With a {@link
 * Handicap} it rests after each gradient, and what it reports includes the rest.
 */
final class ComputeThread implements AutoCloseable {
  /** Of a stream of which no record was kept to evaluate with so far. */
  private static final Evaluation NONE_YET = new Evaluation(0, 0, 0);

  private final ExecutorService executor;
  private final RunClock clock;
  private final Examples shard;
  private final Examples test;
  private final Examples testSample;
  private final Sampler sampler;
  private final Handicap handicap;
  private final Optional<LiveStream> stream;
  private int[] rows = {};

  /**
   * The compute thread of this worker.
   *
   * @param stream that it learns from, if it does
   */
  ComputeThread(Member member, RunSpec spec, RunClock clock, Optional<LiveStream> stream) {
    this.executor =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("dlion-" + member.id() + "-compute").factory());
    this.clock = clock;
    this.shard = member.shard();
    this.test = spec.tests().all();
    this.testSample = spec.tests().sample();
    this.sampler = new Sampler(shard.count(), Seeds.derive(spec.task().seed(), member.id().name()));
    this.handicap = member.handicap();
    this.stream = stream;
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
          long begun = clock.nowNanos(); // again where records were waited for
          long waitedBefore = what.profiled() ? RunQueue.waitedNanos() : 0;
          if (rows.length < what.samples()) {
            rows = new int[what.samples()];
          }
          Optional<LiveStream.Learned> learned = Optional.empty();
          double loss;
          if (stream.isPresent()) {
            stream.get().awaitRecords(what.samples());
            begun = clock.nowNanos();
            learned = Optional.of(stream.get().learn(learner, what, rows));
            loss = learned.get().loss();
          } else {
            sampler.draw(what.position(), what.samples(), rows);
            loss = learner.gradient(shard, rows, what.samples(), what.seed());
          }
          rest(clock.nowNanos() - begun);
          long waited = what.profiled() ? RunQueue.waitedNanos() - waitedBefore : 0;
          long now = clock.nowNanos();
          done.accept(
              new Event.Computed(
                  now, loss, now - begun, waited, learned.map(LiveStream.Learned::lesson)));
        },
        failed);
  }

  /** Evaluates the learner and passes the event on; failures go to {@code failed}. */
  void evaluate(Learner learner, boolean whole, Consumer<Event> done, Consumer<Throwable> failed) {
    submit(
        () -> {
          Examples of = stream.flatMap(LiveStream::tests).orElse(whole ? test : testSample);
          Evaluation evaluation = of.count() == 0 ? NONE_YET : learner.evaluate(of);
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
