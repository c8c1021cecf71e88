package io.dlion.emulator.check;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.emulator.check.Fault.How;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What goes wrong in a run, and when: drawn from a random, the same for the same seed.
 *
 * @param faults in order of time
 */
public record FaultPlan(List<Fault> faults) {
  /** When the first fault may begin and the last one has ended. */
  static final long FIRST_MILLIS = 1_000;

  static final long LAST_MILLIS = 12_000;

  private static final int MOST = 6;

  /** Copies the list. */
  public FaultPlan {
    faults = faults.stream().sorted(Comparator.comparingLong(Fault::atMillis)).toList();
  }

  /**
   * Draws a plan.
   *
   * @param workers of the run
   * @param mbit the rate of a worker's access link
   */
  static FaultPlan draw(
      SplittableRandom random, List<WorkerId> workers, ToDoubleFunction<WorkerId> mbit) {
    return new Dice(random, workers, mbit).roll();
  }

  /** The same plan with faults that aim at a server. */
  FaultPlan aimed(SplittableRandom random, List<WorkerId> workers) {
    List<Fault> more = new ArrayList<>(faults);
    if (random.nextInt(3) > 0) {
      long at = random.nextLong(FIRST_MILLIS, LAST_MILLIS - 4_000);
      switch (random.nextInt(5)) {
        case 0 -> more.add(new Fault.ServerCrash(at, back(at, random)));
        case 1 -> {
          more.add(new Fault.ServerCrash(at, back(at, random)));
          long again = at + 500 + random.nextLong(6_000);
          more.add(new Fault.ServerCrash(again, back(again, random)));
        }
        case 2 -> more.add(new Fault.ServerPause(at, at + 500 + random.nextLong(7_000)));
        case 3 -> {
          more.add(split(at, random, workers));
          more.add(new Fault.ServerCrash(at + random.nextLong(4_000), back(at + 4_000, random)));
        }
        default -> more.add(split(at, random, workers));
      }
    }
    return new FaultPlan(more);
  }

  /** The same plan, and pairs that cannot reach each other. */
  FaultPlan withPaths(SplittableRandom random, List<WorkerId> workers) {
    List<Fault> more = new ArrayList<>(faults);
    more.addAll(DrawnPaths.draw(random, workers));
    return new FaultPlan(more);
  }

  private static long back(long at, SplittableRandom random) {
    return at + 300 + random.nextLong(random.nextBoolean() ? 3_000 : 9_000);
  }

  private static Fault.Split split(long at, SplittableRandom random, List<WorkerId> workers) {
    List<WorkerId> some = new ArrayList<>(workers);
    int count = 1 + random.nextInt(workers.size() - 1);
    while (some.size() > count) {
      some.remove(random.nextInt(some.size()));
    }
    long notice = at + Fault.Split.NOTICE_MILLIS;
    return new Fault.Split(at, notice + 1_000 + random.nextLong(8_000), some);
  }

  /** The faults of a kind. */
  <F extends Fault> Stream<F> all(Class<F> kind) {
    return faults.stream().filter(kind::isInstance).map(kind::cast);
  }

  /** When the last fault is over. */
  long endMillis() {
    return faults.stream().mapToLong(Fault::endMillis).max().orElse(FIRST_MILLIS);
  }

  /** Whether messages may be missing for good, or arrive after those sent later. */
  boolean breaksLinks() {
    return leavesThoseCutOff()
        || losesMessages()
        || partsSome()
        || all(Fault.RelayCrash.class).findAny().isPresent()
        || all(Fault.Life.class).anyMatch(l -> !l.kind().equals("leave"))
        || all(Fault.NotFinite.class).findAny().isPresent();
  }

  /** Whether messages are lost on the way, damaged, or overtaken and therefore refused. */
  boolean losesMessages() {
    return all(Fault.Messages.class)
        .anyMatch(m -> m.how() != How.DUPLICATED && m.how() != How.DELAYED);
  }

  /** Whether somebody ends whose last messages, or those waiting for it, may not arrive. */
  boolean leavesThoseCutOff() {
    return all(Fault.Partition.class)
        .anyMatch(cut ->
            all(Fault.Life.class)
                .anyMatch(l -> l.atMillis() >= cut.atMillis() && l.atMillis() <= cut.endMillis()));
  }

  /** Whether somebody ends while others train, or is taken to have. */
  boolean hasEnds() {
    return partsSome()
        || all(Fault.RelayCrash.class).findAny().isPresent()
        || all(Fault.Life.class)
            .anyMatch(l -> l.kind().equals("crash") || l.kind().equals("leave"));
  }

  /** Whether pairs become relayed or direct in the course of the run. */
  boolean changesPaths() {
    return all(Fault.Unreachable.class).findAny().isPresent();
  }

  /** The pairs that cannot reach each other directly, at one time or another. */
  Set<WorkerPair> unreachable() {
    Set<WorkerPair> pairs = new TreeSet<>();
    all(Fault.NoLine.class).forEach(f -> pairs.addAll(f.pairs()));
    all(Fault.Unreachable.class).forEach(f -> pairs.addAll(f.pairs()));
    return pairs;
  }

  /**
   * Whether live workers may take each other for gone, because no way leads from one to the other:
   * some pairs cannot reach each other, and whoever could relay for them may be gone or cut off.
   */
  private boolean partsSome() {
    return !unreachable().isEmpty()
        && (all(Fault.Life.class).findAny().isPresent()
            || all(Fault.Unreachable.class).anyMatch(Fault.Unreachable::isolates));
  }

  /** Whether somebody comes while others train. */
  boolean hasLateComers() {
    return all(Fault.Life.class)
        .anyMatch(l -> l.kind().equals("join") || l.kind().equals("restart"));
  }

  /** Throws one thing after the other, in order of time. */
  private static final class Dice {
    private final SplittableRandom random;
    private final List<WorkerId> workers;
    private final ToDoubleFunction<WorkerId> mbit;
    private final List<WorkerId> there;
    private final List<WorkerId> crashed = new ArrayList<>();
    private final List<WorkerId> left = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();

    Dice(SplittableRandom random, List<WorkerId> workers, ToDoubleFunction<WorkerId> mbit) {
      this.random = random;
      this.workers = workers;
      this.mbit = mbit;
      this.there = new ArrayList<>(workers);
    }

    FaultPlan roll() {
      if (workers.size() > 2 && random.nextInt(5) == 0) {
        left.add(there.removeLast()); // joins, if a die says so; it is not there before
        long at = random.nextLong(FIRST_MILLIS, LAST_MILLIS);
        faults.add(new Fault.Life(at, "join", left.getFirst()));
        left.clear();
      }
      random.longs(1 + random.nextInt(MOST), FIRST_MILLIS, LAST_MILLIS).sorted().forEach(this::one);
      return new FaultPlan(faults);
    }

    private void one(long at) {
      WorkerId worker = any(there);
      switch (random.nextInt(12)) {
        case 0 -> end(at, "crash", crashed);
        case 1 -> end(at, "leave", left);
        case 2 -> comeBack(at, "restart", crashed);
        case 3 -> comeBack(at, "join", left);
        case 4 -> faults.add(new Fault.Pause(at, end(at), worker));
        case 5 -> partition(at);
        case 6 -> slow(at);
        case 7 -> faults.add(new Fault.FullDisk(at, end(at), worker));
        case 8 -> faults.add(new Fault.NotFinite(at, worker, 1 + random.nextInt(3)));
        default -> messages(at);
      }
    }

    private void end(long at, String how, List<WorkerId> where) {
      if (there.size() > 1) {
        WorkerId worker = there.remove(random.nextInt(there.size()));
        where.add(worker);
        faults.add(new Fault.Life(at, how, worker));
      }
    }

    private void comeBack(long at, String how, List<WorkerId> whence) {
      if (whence.isEmpty()) {
        end(at, how.equals("join") ? "leave" : "crash", whence);
      } else {
        WorkerId worker = whence.removeFirst();
        there.add(worker);
        faults.add(new Fault.Life(at, how, worker));
      }
    }

    private void partition(long at) {
      List<WorkerId> some = new ArrayList<>(workers);
      int count = 1 + random.nextInt(Math.max(1, workers.size() / 2));
      while (some.size() > count) {
        some.remove(random.nextInt(some.size()));
      }
      faults.add(new Fault.Partition(at, end(at), some));
    }

    private void slow(long at) {
      WorkerId from = any(workers);
      WorkerId to = other(from);
      double full = Math.min(mbit.applyAsDouble(from), mbit.applyAsDouble(to));
      boolean once =
          faults.stream()
              .noneMatch(
                  f -> f instanceof Fault.SlowLink s && s.from().equals(from) && s.to().equals(to));
      if (once) {
        faults.add(new Fault.SlowLink(at, end(at), from, to, full, full / 20));
      }
    }

    private void messages(long at) {
      How how = How.values()[random.nextInt(How.values().length)];
      WorkerId from = any(workers);
      double share = random.nextInt(3) == 0 ? 1 : 0.1 * (1 + random.nextInt(9));
      faults.add(new Fault.Messages(at, end(at), from, other(from), how, share));
    }

    private long end(long at) {
      return Math.min(
          LAST_MILLIS, at + 100 + random.nextLong(random.nextBoolean() ? 1_000 : 6_000));
    }

    private WorkerId any(List<WorkerId> some) {
      return some.get(random.nextInt(some.size()));
    }

    private WorkerId other(WorkerId worker) {
      List<WorkerId> others = new ArrayList<>(workers);
      others.remove(worker);
      return any(others);
    }
  }
}
