package io.dlion.cli.job;

import io.dlion.core.WorkerId;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How fast the shaped links between workers are, in Mbit/s (10^6 bits per second), each direction
 * by itself.
 *
 * @param defaultMbit rate of every link that is not in {@code pairs}; empty where those are not
 *     shaped
 * @param pairs rates of single links, in order of sender and receiver
 */
public record LinkSpeeds(Optional<Double> defaultMbit, Map<Link, Double> pairs) {
  /** Copies the rates into order. */
  public LinkSpeeds {
    pairs = Collections.unmodifiableMap(new TreeMap<>(pairs));
  }

  /** No link is shaped. */
  public static LinkSpeeds unshaped() {
    return new LinkSpeeds(Optional.empty(), Map.of());
  }

  /** The rate of the link between two workers; empty where it is not shaped. */
  public Optional<Double> mbit(WorkerId from, WorkerId to) {
    return Optional.ofNullable(pairs.get(new Link(from, to))).or(() -> defaultMbit);
  }

  /** A directed link. */
  public record Link(WorkerId from, WorkerId to) implements Comparable<Link> {
    private static final Comparator<Link> ORDER =
        Comparator.comparing(Link::from).thenComparing(Link::to);

    @Override
    public int compareTo(Link other) {
      return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
      return from + ">" + to;
    }
  }
}
