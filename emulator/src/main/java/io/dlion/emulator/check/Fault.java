package io.dlion.emulator.check;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Something that goes wrong in the course of a run. Its text is a line of YAML: the faults that
 * {@linkplain #isEvent environments know} can be copied into a file's {@code events:} as they are.
 */
public sealed interface Fault {
  /** When it begins, in milliseconds since the run began. */
  long atMillis();

  /** When all is as before again, or as good as it gets. */
  long endMillis();

  /** What happens, in a word: {@code crash}. */
  String kind();

  /** Whether it is an event of an environment. */
  boolean isEvent();

  /** A worker crashes, comes, comes again or leaves: {@code crash}, {@code join}, … */
  record Life(long atMillis, String kind, WorkerId worker) implements Fault {
    @Override
    public long endMillis() {
      return atMillis;
    }

    @Override
    public boolean isEvent() {
      return true;
    }

    @Override
    public String toString() {
      return Phrase.of("{at: %dms, %s: %s}", atMillis, kind, worker);
    }
  }

  /** A worker stands still for a while. */
  record Pause(long atMillis, long endMillis, WorkerId worker) implements Fault {
    @Override
    public String kind() {
      return "pause";
    }

    @Override
    public boolean isEvent() {
      return true;
    }

    @Override
    public String toString() {
      return Phrase.of("{at: %dms, pause: %s, until: %dms}", atMillis, worker, endMillis);
    }
  }

  /** Some workers and all others cannot reach each other for a while; messages wait. */
  record Partition(long atMillis, long endMillis, List<WorkerId> workers) implements Fault {
    /** Copies the list. */
    public Partition {
      workers = List.copyOf(workers);
    }

    @Override
    public String kind() {
      return "partition";
    }

    @Override
    public boolean isEvent() {
      return true;
    }

    @Override
    public String toString() {
      String those = workers.stream().map(WorkerId::name).collect(Collectors.joining(", "));
      return Phrase.of("{at: %dms, cut: [%s], until: %dms}", atMillis, those, endMillis);
    }
  }

  /**
   * Some workers and all others cannot reach each other for so long that they take each other for
   * gone; what is under way is lost.
   */
  record Split(long atMillis, long endMillis, List<WorkerId> workers) implements Fault {
    /** When they notice: what happens in between is as if links were slow. */
    static final long NOTICE_MILLIS = 3_000;

    /** Copies the list. */
    public Split {
      workers = List.copyOf(workers);
    }

    @Override
    public String kind() {
      return "split";
    }

    /** As a partition; that it is noticed environments do not know. */
    @Override
    public boolean isEvent() {
      return true;
    }

    @Override
    public String toString() {
      return new Partition(atMillis, endMillis, workers) + " # a split: they are told";
    }
  }

  /** Some pairs can never reach each other directly. */
  record NoLine(List<WorkerPair> pairs) implements Fault {
    /** Copies the list. */
    public NoLine {
      pairs = List.copyOf(pairs);
    }

    @Override
    public long atMillis() {
      return 0;
    }

    @Override
    public long endMillis() {
      return 0;
    }

    @Override
    public String kind() {
      return "no line";
    }

    @Override
    public boolean isEvent() {
      return true;
    }

    @Override
    public String toString() {
      return Phrase.of("{at: 0ms, unreachable: %s}", pairs);
    }
  }

  /**
   * Some pairs cannot reach each other directly for a while: they notice, and others relay.
   *
   * @param untilMillis when they can again, in milliseconds since the run began
   * @param isolates whether nobody can relay for somebody
   */
  record Unreachable(long atMillis, long untilMillis, List<WorkerPair> pairs, boolean isolates)
      implements Fault {
    /** That they can again is noticed as late as that they cannot. */
    static final long NOTICE_MILLIS = 3_000;

    /** Copies the list. */
    public Unreachable {
      pairs = List.copyOf(pairs);
    }

    @Override
    public long endMillis() {
      return untilMillis + NOTICE_MILLIS;
    }

    @Override
    public String kind() {
      return "unreachable pair";
    }

    @Override
    public boolean isEvent() {
      return true;
    }

    @Override
    public String toString() {
      return Phrase.of("{at: %dms, unreachable: %s, until: %dms}", atMillis, pairs, untilMillis);
    }
  }

  /** Whoever relays for others crashes, and starts again. */
  record RelayCrash(long atMillis, long endMillis) implements Fault {
    @Override
    public String kind() {
      return "relay crash";
    }

    @Override
    public boolean isEvent() {
      return false;
    }

    @Override
    public String toString() {
      return Phrase.of("{at: %dms, relay-crash: until %dms}", atMillis, endMillis);
    }
  }

  /** Whoever serves crashes, and starts again. */
  record ServerCrash(long atMillis, long endMillis) implements Fault {
    @Override
    public String kind() {
      return "server crash";
    }

    @Override
    public boolean isEvent() {
      return false;
    }

    @Override
    public String toString() {
      return Phrase.of("{at: %dms, server-crash: until %dms}", atMillis, endMillis);
    }
  }

  /** Whoever serves stands still for a while. */
  record ServerPause(long atMillis, long endMillis) implements Fault {
    @Override
    public String kind() {
      return "server pause";
    }

    @Override
    public boolean isEvent() {
      return false;
    }

    @Override
    public String toString() {
      return Phrase.of("{at: %dms, server-pause: until %dms}", atMillis, endMillis);
    }
  }

  /**
   * A link is slower for a while.
   *
   * @param mbit what it carries before and after
   * @param slowMbit what it carries meanwhile
   */
  record SlowLink(
      long atMillis, long endMillis, WorkerId from, WorkerId to, double mbit, double slowMbit)
      implements Fault {
    @Override
    public String kind() {
      return "slow link";
    }

    @Override
    public boolean isEvent() {
      return false;
    }

    /** As it stands under {@code links:} in an environment's file. */
    @Override
    public String toString() {
      return Phrase.of(
          "%s>%s: [{from: 0s, value: %s}, {from: %dms, value: %s}, {from: %dms, value: %s}]",
          from, to, mbit, atMillis, slowMbit, endMillis, mbit);
    }
  }

  /**
   * Messages of a link do not come as they should.
   *
   * @param how what becomes of them
   * @param share of the messages, from 0 to 1
   */
  record Messages(long atMillis, long endMillis, WorkerId from, WorkerId to, How how, double share)
      implements Fault {
    @Override
    public String kind() {
      return how.name().toLowerCase(Locale.ROOT) + " messages";
    }

    @Override
    public boolean isEvent() {
      return false;
    }

    boolean concerns(WorkerId sender, WorkerId receiver, long nowMillis) {
      return nowMillis >= atMillis
          && nowMillis < endMillis
          && from.equals(sender)
          && to.equals(receiver);
    }

    @Override
    public String toString() {
      return Phrase.of(
          "{from: %dms, until: %dms, link: %s>%s, %s: %s}",
          atMillis, endMillis, from, to, how.name().toLowerCase(Locale.ROOT), share);
    }
  }

  /** What may become of a message. */
  enum How {
    /** It never arrives. */
    LOST,
    /** It arrives two times. */
    DUPLICATED,
    /** It arrives later, and so does everything behind it. */
    DELAYED,
    /** It arrives later, and what is behind it overtakes it. */
    REORDERED,
    /** It arrives with other bytes, or too few. */
    CORRUPTED
  }

  /** A worker's checkpoints cannot be saved for a while. */
  record FullDisk(long atMillis, long endMillis, WorkerId worker) implements Fault {
    @Override
    public String kind() {
      return "full disk";
    }

    @Override
    public boolean isEvent() {
      return false;
    }

    @Override
    public String toString() {
      return Phrase.of("{from: %dms, until: %dms, full-disk: %s}", atMillis, endMillis, worker);
    }
  }

  /**
   * Some of a worker's gradients are not finite.
   *
   * @param gradients how many, the first after its time and those that follow
   */
  record NotFinite(long atMillis, WorkerId worker, int gradients) implements Fault {
    @Override
    public long endMillis() {
      return atMillis;
    }

    @Override
    public String kind() {
      return "NaN gradients";
    }

    @Override
    public boolean isEvent() {
      return false;
    }

    @Override
    public String toString() {
      return Phrase.of("{at: %dms, not-finite: %s, gradients: %d}", atMillis, worker, gradients);
    }
  }
}
