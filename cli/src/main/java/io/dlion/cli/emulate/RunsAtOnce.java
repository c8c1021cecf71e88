package io.dlion.cli.emulate;

import io.dlion.cli.problem.Problem;
import io.dlion.core.settings.Settings;
import io.dlion.core.stream.Feed;
import io.dlion.core.stream.StreamRule;
import io.dlion.emulator.environment.Environment;
import java.util.Collection;

/** How many emulated runs may be under way at a time: one for each core, as far as memory goes. */
public final class RunsAtOnce {
  private static final long BYTES_PER_PARAMETER = 4;

  /** What a worker's replica takes, in copies of the model. */
  private static final long COPIES_OF_A_REPLICA = 10;

  /** What a link to a peer takes: what it owes, what is anticipated of it, and a message. */
  private static final long COPIES_OF_A_LINK = 3;

  private RunsAtOnce() {}

  /** As many as there are cores, as far as half the memory will do for them; at least 1. */
  public static int of(
      Collection<Environment> environments,
      Collection<Settings> methods,
      Problem problem,
      int cores) {
    long workers = environments.stream().mapToLong(e -> e.workers().size()).max().orElse(1);
    long copies = workers * (COPIES_OF_A_REPLICA + (workers - 1) * COPIES_OF_A_LINK);
    boolean streams = environments.stream().anyMatch(Environment::hasStreams);
    long records = streams ? workers * streamBytes(methods, problem) : 0;
    long each = copies * modelBytes(problem) + records;
    long fit = Runtime.getRuntime().maxMemory() / 2 / Math.max(1, each);
    return Math.clamp(fit, 1, cores);
  }

  /** A model's size in bytes. */
  public static long modelBytes(Problem problem) {
    return problem.model().parameters().elements() * BYTES_PER_PARAMETER;
  }

  /** What the records take that a worker keeps, and those of its last checkpoint. */
  private static long streamBytes(Collection<Settings> methods, Problem problem) {
    return methods.stream()
        .mapToLong(
            settings -> 2 * Feed.bytes(StreamRule.of(settings), problem.data().train().shape()))
        .max()
        .orElse(0);
  }
}
