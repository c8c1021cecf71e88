package io.dlion.emulator.run;

import io.dlion.emulator.environment.SharedCores;
import io.dlion.emulator.time.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cores of a machine on which several workers compute, in virtual time: processor sharing. What
 * is alone advances at full speed; otherwise each thread gets the same share of a core, of cores
 * that slow each other ({@link SharedCores#timesLonger}). Confined to one thread.
 */
final class Processor {
  /** What rounding leaves of a task, in nanoseconds. */
  private static final double DONE_NANOS = 0.5;

  private final VirtualTime time;
  private final SharedCores cores;
  private final List<Task> tasks = new ArrayList<>();
  private double share = 1;
  private long settledNanos;
  private VirtualTime.@Nullable Appointment next;

  /** Something under way. */
  private static final class Task {
    private final Object owner;
    private final int threads;
    private final Runnable done;
    private double leftNanos; // at full speed

    Task(Object owner, int threads, long nanos, Runnable done) {
      this.owner = owner;
      this.threads = threads;
      this.leftNanos = nanos;
      this.done = done;
    }
  }

  /** All cores are free. */
  Processor(VirtualTime time, SharedCores cores) {
    this.time = time;
    this.cores = cores;
  }

  /**
   * Begins something.
   *
   * @param owner whose it is
   * @param threads cores that it takes while there are enough
   * @param nanos that it takes then; {@link Long#MAX_VALUE} never ends, and takes no core
   * @param done is called when it is done
   */
  void run(Object owner, int threads, long nanos, Runnable done) {
    if (nanos == Long.MAX_VALUE) {
      return;
    }
    settle();
    tasks.add(new Task(owner, threads, nanos, done));
    plan();
  }

  /** What somebody has begun is not to be done any more. */
  void drop(Object owner) {
    settle();
    tasks.removeIf(task -> task.owner.equals(owner));
    plan();
  }

  /** Counts what was done since the last time. */
  private void settle() {
    double doneNanos = (time.nowNanos() - settledNanos) * share;
    tasks.forEach(task -> task.leftNanos -= doneNanos);
    settledNanos = time.nowNanos();
  }

  /** Divides the cores anew, and awaits the first task to be done. */
  private void plan() {
    if (next != null) {
      next.cancel();
      next = null;
    }
    int threads = tasks.stream().mapToInt(task -> task.threads).sum();
    share = tasks.size() <= 1 ? 1 : 1 / cores.timesLonger(threads);
    tasks.stream()
        .mapToDouble(task -> task.leftNanos)
        .min()
        .ifPresent(left ->
            next =
                time.after(
                    left < DONE_NANOS ? 0 : (long) Math.ceil(left / share - DONE_NANOS),
                    this::advance));
  }

  private void advance() {
    next = null;
    settle();
    List<Task> done = tasks.stream().filter(task -> task.leftNanos < DONE_NANOS).toList();
    tasks.removeAll(done);
    plan();
    done.forEach(task -> task.done.run());
  }
}
