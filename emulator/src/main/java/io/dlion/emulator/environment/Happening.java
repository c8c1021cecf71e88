package io.dlion.emulator.environment;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Something that happens to workers or links in the course of a run. */
public sealed interface Happening {
  /** When, in nanoseconds since the run began. */
  long atNanos();

  /**
   * What remains of it where there are only some of the workers.
   *
   * @return empty where it concerns none of them
   */
  default Optional<Happening> among(Set<WorkerId> workers) {
    return switch (this) {
      case Join e -> workers.contains(e.worker) ? Optional.of(this) : Optional.empty();
      case Leave e -> workers.contains(e.worker) ? Optional.of(this) : Optional.empty();
      case Crash e -> workers.contains(e.worker) ? Optional.of(this) : Optional.empty();
      case Restart e -> workers.contains(e.worker) ? Optional.of(this) : Optional.empty();
      case Pause e -> workers.contains(e.worker) ? Optional.of(this) : Optional.empty();
      case Cut e -> between(e.links, workers).map(links -> new Cut(e.atNanos, links));
      case Heal e -> between(e.links, workers).map(links -> new Heal(e.atNanos, links));
      case Unreachable e -> within(e.pairs, workers).map(p -> new Unreachable(e.atNanos, p));
      case Reachable e -> within(e.pairs, workers).map(p -> new Reachable(e.atNanos, p));
    };
  }

  private static Optional<List<DirectedLink>> between(
      List<DirectedLink> links, Set<WorkerId> workers) {
    List<DirectedLink> left =
        links.stream()
            .filter(link -> workers.contains(link.from()) && workers.contains(link.to()))
            .toList();
    return left.isEmpty() ? Optional.empty() : Optional.of(left);
  }

  private static Optional<List<WorkerPair>> within(List<WorkerPair> pairs, Set<WorkerId> workers) {
    List<WorkerPair> left =
        pairs.stream()
            .filter(pair -> workers.contains(pair.first()) && workers.contains(pair.second()))
            .toList();
    return left.isEmpty() ? Optional.empty() : Optional.of(left);
  }

  /**
   * The same where there is one more worker like another: what happens to the other one's links
   * happens to its links as well.
   */
  default Happening alsoOf(WorkerId one, WorkerId like) {
    return switch (this) {
      case Cut e -> new Cut(e.atNanos, linksOf(e.links, one, like));
      case Heal e -> new Heal(e.atNanos, linksOf(e.links, one, like));
      case Unreachable e -> new Unreachable(e.atNanos, pairsOf(e.pairs, one, like));
      case Reachable e -> new Reachable(e.atNanos, pairsOf(e.pairs, one, like));
      case Join _, Leave _, Crash _, Restart _, Pause _ -> this;
    };
  }

  private static List<DirectedLink> linksOf(List<DirectedLink> links, WorkerId one, WorkerId like) {
    List<DirectedLink> all = new ArrayList<>(links);
    for (DirectedLink link : links) {
      if (link.from().equals(like)) {
        all.add(new DirectedLink(one, link.to()));
      } else if (link.to().equals(like)) {
        all.add(new DirectedLink(link.from(), one));
      }
    }
    return all;
  }

  private static List<WorkerPair> pairsOf(List<WorkerPair> pairs, WorkerId one, WorkerId like) {
    List<WorkerPair> all = new ArrayList<>(pairs);
    for (WorkerPair pair : pairs) {
      if (pair.first().equals(like)) {
        all.add(new WorkerPair(one, pair.second()));
      } else if (pair.second().equals(like)) {
        all.add(new WorkerPair(pair.first(), one));
      }
    }
    return all;
  }

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

  /**
   * Some pairs cannot reach each other directly any more, which they notice: from then on other
   * members relay for them.
   */
  record Unreachable(long atNanos, List<WorkerPair> pairs) implements Happening {
    /** Copies the pairs. */
    public Unreachable {
      pairs = List.copyOf(pairs);
    }
  }

  /** These pairs can reach each other again. */
  record Reachable(long atNanos, List<WorkerPair> pairs) implements Happening {
    /** Copies the pairs. */
    public Reachable {
      pairs = List.copyOf(pairs);
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
