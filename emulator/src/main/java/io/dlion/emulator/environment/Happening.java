package io.dlion.emulator.environment;

import io.dlion.core.WorkerId;
import java.util.List;

/** Something that happens to workers or links in the course of a run. */
public sealed interface Happening {
  /** When, in nanoseconds since the run began. */
  long atNanos();

  /** A worker comes; where this is the first that happens to it, it was not there before. */
  record Join(long atNanos, WorkerId worker) implements Happening {}

  /** A worker says goodbye and goes. */
  record Leave(long atNanos, WorkerId worker) implements Happening {}

  /** A worker is gone without a word, and so is everything on its links. */
  record Crash(long atNanos, WorkerId worker) implements Happening {}

  /** A crashed worker starts again from its last checkpoint. */
  record Restart(long atNanos, WorkerId worker) implements Happening {}

  /**
   * A worker stands still, computing and answering nothing.
   *
   * @param untilNanos when it goes on as if nothing had been
   */
  record Pause(long atNanos, WorkerId worker, long untilNanos) implements Happening {}

  /** Links carry nothing until they are healed; what is on them waits. */
  record Cut(long atNanos, List<DirectedLink> links) implements Happening {
    /** Copies the links. */
    public Cut {
      links = List.copyOf(links);
    }
  }

  /** Cut links carry again. */
  record Heal(long atNanos, List<DirectedLink> links) implements Happening {
    /** Copies the links. */
    public Heal {
      links = List.copyOf(links);
    }
  }
}
