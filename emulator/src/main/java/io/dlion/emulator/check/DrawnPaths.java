package io.dlion.emulator.check;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What is drawn of pairs that cannot reach each other: some never, some for a while; and that
 * whoever relays for them crashes. All together leave everybody a way to everybody else, but for
 * one worker that nobody reaches for a while, in some of the runs.
 */
final class DrawnPaths {
  private static final int RUNS_WITHOUT = 3;

  private final SplittableRandom random;
  private final List<WorkerId> workers;
  private final Set<WorkerPair> broken = new LinkedHashSet<>();
  private final List<Fault> faults = new ArrayList<>();

  private DrawnPaths(SplittableRandom random, List<WorkerId> workers) {
    this.random = random;
    this.workers = workers;
  }

  /** Faults of paths, perhaps none; there are none between two workers only. */
  static List<Fault> draw(SplittableRandom random, List<WorkerId> workers) {
    DrawnPaths drawn = new DrawnPaths(random, workers);
    if (workers.size() > 2 && random.nextInt(RUNS_WITHOUT) > 0) {
      drawn.draw();
    }
    return drawn.faults;
  }

  private void draw() {
    if (random.nextBoolean()) {
      List<WorkerPair> pairs = some(1 + random.nextInt(workers.size()));
      if (!pairs.isEmpty()) {
        faults.add(new Fault.NoLine(pairs));
      }
    }
    for (int n = random.nextInt(3); n > 0; n--) {
      List<WorkerPair> pairs = some(1 + random.nextInt(2));
      if (!pairs.isEmpty()) {
        faults.add(forAWhile(pairs, false));
      }
    }
    if (random.nextInt(8) == 0) {
      WorkerId alone = workers.get(random.nextInt(workers.size()));
      faults.add(
          forAWhile(
              workers.stream()
                  .filter(w -> !w.equals(alone))
                  .map(w -> new WorkerPair(alone, w))
                  .toList(),
              true));
    }
    if (!faults.isEmpty() && random.nextInt(3) == 0) {
      long at = at();
      faults.add(new Fault.RelayCrash(at, at + 300 + random.nextLong(9_000)));
    }
  }

  private long at() {
    return random.nextLong(FaultPlan.FIRST_MILLIS, FaultPlan.LAST_MILLIS - 2_000);
  }

  /** Half of the times so shortly that it may not be noticed. */
  private Fault.Unreachable forAWhile(List<WorkerPair> pairs, boolean isolates) {
    long at = at();
    long end = at + 200 + random.nextLong(random.nextBoolean() ? 4_000 : 10_000);
    return new Fault.Unreachable(at, end, pairs, isolates);
  }

  /** Up to so many pairs that can be missing besides those that are. */
  private List<WorkerPair> some(int most) {
    List<WorkerPair> all = new ArrayList<>();
    for (WorkerId a : workers) {
      for (WorkerId b : workers) {
        if (a.compareTo(b) < 0) {
          all.add(new WorkerPair(a, b));
        }
      }
    }
    List<WorkerPair> some = new ArrayList<>();
    for (int n = 0; n < most; n++) {
      WorkerPair pair = all.get(random.nextInt(all.size()));
      if (broken.add(pair)) {
        if (isConnected(workers, broken)) {
          some.add(pair);
        } else {
          broken.remove(pair);
        }
      }
    }
    Collections.sort(some);
    return some;
  }

  /** Whether everybody reaches everybody without these pairs. */
  private static boolean isConnected(List<WorkerId> workers, Set<WorkerPair> broken) {
    Set<WorkerId> reached = new LinkedHashSet<>(List.of(workers.getFirst()));
    boolean grows = true;
    while (grows) {
      Set<WorkerId> more = new LinkedHashSet<>(workers);
      more.removeAll(reached);
      more.removeIf(w -> reached.stream().allMatch(r -> broken.contains(new WorkerPair(r, w))));
      grows = reached.addAll(more);
    }
    return reached.size() == workers.size();
  }
}
