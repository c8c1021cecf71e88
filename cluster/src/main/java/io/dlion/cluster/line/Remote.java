package io.dlion.cluster.line;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Another station: where it may be reached, and the line to it for each channel that is used at
 * present. Which one that is both ends decide alike. Safe for several threads.
 */
final class Remote {
  /** Nothing was heard for so long: look for another way. */
  static final long DOUBTFUL_NANOS = TimeUnit.MILLISECONDS.toNanos(2000);

  /** A line on which something came so recently is good. */
  private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(1200);

  private static final long DIRECT_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long DIRECT_AGAIN_NANOS_MAX = TimeUnit.SECONDS.toNanos(8);
  private static final long SEARCH_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

  /** Others forward for a moment while a direct way is being found: that is not worth telling. */
  static final long LASTING_NANOS = TimeUnit.MILLISECONDS.toNanos(1000);

  private final UUID self;
  private Station station; // guarded by this, as all below
  private boolean met;
  private final Map<Channel, Line> lines = new EnumMap<>(Channel.class);
  private final Set<Channel> searched = EnumSet.noneOf(Channel.class);
  private final Map<Channel, Long> vainNanos = new EnumMap<>(Channel.class);
  private long directWaitNanos = DIRECT_AGAIN_NANOS;
  private long directAtNanos = System.nanoTime();
  private long seenNanos = System.nanoTime();
  private @Nullable Station via; // as far as was told
  private long viaSinceNanos;

  Remote(UUID self, Station station) {
    this.self = self;
    this.station = station;
  }

  synchronized Station station() {
    return station;
  }

  /** Somebody else has said where it is, which counts where nothing better is known. */
  synchronized void heardOf(Station now) {
    if (!met && station.endpoints().isEmpty()) {
      station = now;
    }
    seenNanos = System.nanoTime();
  }

  /**
   * It has said itself who and where it is; answers whether that can be: an id has one name, which
   * certificates prove.
   */
  synchronized boolean met(Station now) {
    if (met && !now.name().equals(station.name())) {
      return false;
    }
    met = true;
    station = now;
    seenNanos = System.nanoTime();
    return true;
  }

  /** For how long nobody has spoken of it, and no line to it was open. */
  synchronized long forgottenNanos(long nowNanos) {
    return lines.isEmpty() ? nowNanos - seenNanos : 0;
  }

  // ---- lines

  /** The line that is used; null where there is none. */
  synchronized @Nullable Line line(Channel channel) {
    return lines.get(channel);
  }

  synchronized List<Line> lines() {
    return new ArrayList<>(lines.values());
  }

  /** Whether there is a line that has not fallen silent, of those without anybody between. */
  synchronized boolean isNeighbour(long nowNanos) {
    Line line = lines.get(Channel.CONTROL);
    return line != null && line.direct() && line.silentNanos(nowNanos) < DOUBTFUL_NANOS;
  }

  /** What became of an offer: the line that is not used any more, if there is one. */
  record Offer(boolean used, Optional<Line> unused) {}

  /** Takes a new line, or not: both ends choose the same of two. */
  synchronized Offer offer(Line line, long nowNanos) {
    Line before = lines.get(line.channel());
    seenNanos = nowNanos;
    if (before != null && !before.isClosed() && !replaces(line, before, nowNanos)) {
      return new Offer(false, Optional.of(line));
    }
    lines.put(line.channel(), line);
    vainNanos.remove(line.channel());
    notifyAll();
    return new Offer(true, Optional.ofNullable(before));
  }

  private boolean replaces(Line line, Line before, long nowNanos) {
    if (before.silentNanos(nowNanos) > FRESH_NANOS) {
      return true;
    }
    if (line.direct() != before.direct()) {
      return line.direct();
    }
    if (line.dialedHere() == before.dialedHere()) {
      return true;
    }
    boolean lessDials = self.compareTo(line.peer().id()) < 0;
    return line.dialedHere() == lessDials;
  }

  /** A line has ended; answers whether it was the one that is used. */
  synchronized boolean ended(Line line) {
    boolean was = lines.remove(line.channel(), line);
    notifyAll();
    return was;
  }

  // ---- searches

  /** Whether the caller is to look for a line now: one does at a time. */
  synchronized boolean beginSearch(Channel channel, long nowNanos) {
    Long vain = vainNanos.get(channel);
    boolean due = vain == null || nowNanos - vain > SEARCH_AGAIN_NANOS;
    return due && searched.add(channel);
  }

  /** Nobody looks any more; answers whether there is a line that is not silent. */
  synchronized boolean endSearch(Channel channel, long nowNanos) {
    searched.remove(channel);
    Line line = lines.get(channel);
    boolean found = line != null && line.silentNanos(nowNanos) < DOUBTFUL_NANOS;
    if (!found) {
      vainNanos.put(channel, nowNanos);
    }
    notifyAll();
    return found;
  }

  /** Waits for a line while somebody looks for one. */
  synchronized Line await(Channel channel, long millisMax)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisMax);
    while (true) {
      Line line = lines.get(channel);
      if (line != null) {
        return line;
      }
      long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
      if (left <= 0 || !searched.contains(channel)) {
        throw new IOException("no way to " + station);
      }
      wait(left);
    }
  }

  /** Waits for a line on which something has come, at most so long. */
  void awaitFresh(Channel channel, long millisMax) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisMax);
    while (System.nanoTime() < until && !hasFresh(channel, System.nanoTime())) {
      LockSupport.parkNanos(10_000_000);
    }
  }

  /** Whether a search has found a line that is better than the one there was. */
  synchronized boolean hasFresh(Channel channel, long nowNanos) {
    Line line = lines.get(channel);
    return line != null && line.silentNanos(nowNanos) < FRESH_NANOS;
  }

  // ---- which way

  /** Whether a direct way is to be tried again, beside one that goes through others. */
  synchronized boolean directIsDue(long nowNanos) {
    boolean relayed = lines.values().stream().anyMatch(line -> !line.direct());
    if (!relayed || nowNanos - directAtNanos < 0) {
      return false;
    }
    directAtNanos = nowNanos + directWaitNanos;
    directWaitNanos = Math.min(2 * directWaitNanos, DIRECT_AGAIN_NANOS_MAX);
    return true;
  }

  /** How the way to a peer has changed. */
  record Turn(Optional<Station> via, long relayedNanos) {}

  /** A change that was not told yet, if it has lasted. */
  synchronized Optional<Turn> turned(long nowNanos) {
    Line line = lines.get(Channel.CONTROL);
    if (line == null || nowNanos - line.sinceNanos() < LASTING_NANOS) {
      return Optional.empty();
    }
    Station before = via;
    Station now = line.via().orElse(null);
    if (now == null) {
      directWaitNanos = DIRECT_AGAIN_NANOS;
    }
    if (before == null ? now == null : now != null && now.id().equals(before.id())) {
      return Optional.empty();
    }
    long relayed = before == null ? 0 : nowNanos - viaSinceNanos;
    via = now;
    if (before == null) {
      viaSinceNanos = line.sinceNanos();
      directAtNanos = nowNanos + directWaitNanos;
    }
    return Optional.of(new Turn(Optional.ofNullable(now), relayed));
  }

  /** How it is reached at present. */
  synchronized Optional<Path> path(long nowNanos) {
    Line line = lines.get(Channel.CONTROL);
    if (line == null) {
      return Optional.empty();
    }
    Station now = via;
    return Optional.of(
        new Path(
            station,
            Optional.ofNullable(now).map(Station::name),
            now == null ? 0 : nowNanos - viaSinceNanos));
  }
}
