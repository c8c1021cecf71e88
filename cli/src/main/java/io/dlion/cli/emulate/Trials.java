package io.dlion.cli.emulate;

import io.dlion.monitor.comparison.trace.SeedRun;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Runs trials, several at a time. Those of a lower rank begin before all others, so that what is
 * begun is complete soon. Thread safe.
 */
public final class Trials implements AutoCloseable {
  private final ThreadPoolExecutor threads;
  private final BooleanSupplier interrupted;
  private final AtomicLong submitted = new AtomicLong();
  private volatile boolean closed;

  /** So many at a time, until somebody wants it to end. */
  public Trials(int atOnce, BooleanSupplier interrupted) {
    this.interrupted = interrupted;
    threads =
        new ThreadPoolExecutor(
            atOnce,
            atOnce,
            0,
            TimeUnit.SECONDS,
            new PriorityBlockingQueue<>(),
            Thread.ofPlatform().name("dlion-trial-", 0).daemon().factory());
  }

  /** Whether trials are to stop. */
  public boolean cancelled() {
    return closed || interrupted.getAsBoolean();
  }

  /** Runs one when its turn has come. */
  public Run submit(int rank, Callable<SeedRun> trial) {
    Run run = new Run(() -> complete(trial), rank, submitted.getAndIncrement());
    threads.execute(run);
    return run;
  }

  private Optional<SeedRun> complete(Callable<SeedRun> trial) throws Exception {
    if (cancelled()) {
      return Optional.empty();
    }
    SeedRun run = trial.call();
    return cancelled() ? Optional.empty() : Optional.of(run);
  }

  /** A trial that was, is, or will be run. */
  public static final class Run extends FutureTask<Optional<SeedRun>> implements Comparable<Run> {
    private final int rank;
    private final long number;

    private Run(Callable<Optional<SeedRun>> trial, int rank, long number) {
      super(trial);
      this.rank = rank;
      this.number = number;
    }

    @Override
    public int compareTo(Run other) {
      return rank != other.rank
          ? Integer.compare(rank, other.rank)
          : Long.compare(number, other.number);
    }

    /** What it came to, empty if it was stopped; waits for it. */
    public Optional<SeedRun> await() throws IOException, InterruptedException {
      try {
        return get();
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case IOException cause -> throw cause;
          case RuntimeException cause -> throw cause;
          case Error cause -> throw cause;
          case null, default -> throw new IllegalStateException(e.getCause());
        }
      }
    }
  }

  /** Stops what is under way and waits until it has. */
  @Override
  public void close() {
    closed = true;
    threads.shutdown();
    threads.getQueue().clear();
    threads.close();
  }
}
