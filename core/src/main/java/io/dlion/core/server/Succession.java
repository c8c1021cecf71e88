package io.dlion.core.server;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.core.learn.Seeds;
import io.dlion.core.server.method.ServerRule;
import io.dlion.core.wire.Control.Standing;
import io.dlion.core.wire.Control.Standing.Flag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who else is there, and who is to serve: the member that settings name, else one without data,
 * else the one with the best measured lines, else the least name. All members know the same of each
 * other, so they agree without a vote. Where two serve, because each took the other for lost, the
 * one with more clients goes on, then the one of the higher term, then the one of the least name.
 * Confined to its node.
 */
final class Succession {
  private static final int SERVER_BITS = 20;

  private final ServerRule rule;
  private final WorkerId self;
  private final TreeMap<WorkerId, Other> others = new TreeMap<>();
  private Set<WorkerPair> relayed = Set.of();

  /** What is known of another member. */
  private static final class Other {
    @Nullable Standing standing;

    /** Whether it has told its standing since there is no server. */
    boolean fresh;

    double bytesPerSecond;
  }

  /** Nobody else is there. */
  Succession(ServerRule rule, WorkerId self) {
    this.rule = rule;
    this.self = self;
  }

  /** All others. */
  Set<WorkerId> ids() {
    return others.keySet();
  }

  boolean isThere(WorkerId id) {
    return others.containsKey(id);
  }

  void add(WorkerId id) {
    others.computeIfAbsent(id, _ -> new Other());
  }

  void remove(WorkerId id) {
    others.remove(id);
  }

  /** A member has told its standing. */
  void heard(WorkerId from, Standing standing) {
    Other other = others.get(from);
    if (other != null) {
      other.standing = standing;
      other.fresh = true;
    }
  }

  /** What a member has told last. */
  Optional<Standing> standing(WorkerId id) {
    Other other = others.get(id);
    return other == null ? Optional.empty() : Optional.ofNullable(other.standing);
  }

  /** The lives of those whose standing is known. */
  Map<WorkerId, Long> lives() {
    Map<WorkerId, Long> lives = new TreeMap<>();
    others.forEach((id, other) -> {
      if (other.standing != null) {
        lives.put(id, other.standing.life());
      }
    });
    return lives;
  }

  /** The server is gone: what others have told may be old. */
  void serverLost() {
    others.values().forEach(other -> other.fresh = false);
  }

  // ---- lines

  void measured(WorkerId peer, double bytesPerSecond) {
    Other other = others.get(peer);
    if (other != null) {
      other.bytesPerSecond = bytesPerSecond;
    }
  }

  /** Whether the lines to these are measured, as far as they are still there. */
  boolean hasMeasured(Set<WorkerId> ids) {
    return ids.stream()
        .map(others::get)
        .allMatch(other -> other == null || other.bytesPerSecond > 0);
  }

  /** Messages of these pairs pass others' lines. */
  void relayed(Set<WorkerPair> pairs) {
    relayed = pairs;
  }

  /**
   * Mean goodput of the lines to others, in bytes per second; 0 without any. A relayed one counts
   * half: what it carries takes as much of a second line.
   */
  double bytesPerSecond() {
    return others.entrySet().stream()
        .filter(e -> e.getValue().bytesPerSecond > 0)
        .mapToDouble(e ->
            relayed.contains(new WorkerPair(self, e.getKey()))
                ? e.getValue().bytesPerSecond / 2
                : e.getValue().bytesPerSecond)
        .average()
        .orElse(0);
  }

  /** Whether it depends on lines who serves: nobody is named, and nobody is without data. */
  boolean dependsOnLines(Standing own) {
    boolean named = rule.name().filter(n -> n.equals(self) || others.containsKey(n)).isPresent();
    return !named
        && own.is(Flag.TRAINS)
        && others.values().stream().allMatch(o -> o.standing == null || o.standing.is(Flag.TRAINS));
  }

  // ---- who serves

  /** The best of those who say that they serve. */
  Optional<WorkerId> bestServer() {
    return others.entrySet().stream()
        .filter(e -> e.getValue().standing != null && e.getValue().standing.serves())
        .min((a, b) ->
            precedes(
                    a.getKey(), standing(a.getKey()).orElseThrow(),
                    b.getKey(), standing(b.getKey()).orElseThrow())
                ? -1
                : 1)
        .map(Map.Entry::getKey);
  }

  /** Whether a server goes on where it meets another one. */
  static boolean precedes(WorkerId a, Standing ofA, WorkerId b, Standing ofB) {
    if (ofA.followers() != ofB.followers()) {
      return ofA.followers() > ofB.followers();
    }
    if (ofA.term() != ofB.term()) {
      return ofA.term() > ofB.term();
    }
    return a.compareTo(b) < 0;
  }

  /** Who is to serve, of those whose standing is known. */
  WorkerId successor(Standing own) {
    Map<WorkerId, Standing> candidates = new TreeMap<>();
    candidates.put(self, own);
    others.forEach((id, other) -> {
      if (other.standing != null) {
        candidates.put(id, other.standing);
      }
    });
    return candidates.entrySet().stream()
        .min(
            Comparator.comparing((Map.Entry<WorkerId, Standing> e) ->
                    !rule.name().equals(Optional.of(e.getKey())))
                .thenComparing(e -> e.getValue().is(Flag.TRAINS))
                .thenComparingDouble(e -> -e.getValue().bytesPerSecond())
                .thenComparing(Map.Entry::getKey))
        .orElseThrow()
        .getKey();
  }

  /** Of whom nothing is known. */
  List<WorkerId> unknown() {
    return those(other -> other.standing == null);
  }

  /** Who has not told what its lines carry. */
  List<WorkerId> unmeasured() {
    return those(other -> other.standing == null || !other.standing.is(Flag.MEASURED));
  }

  /** Who has not told since the server is gone. */
  List<WorkerId> stale() {
    return those(other -> !other.fresh);
  }

  private List<WorkerId> those(Predicate<Other> condition) {
    List<WorkerId> found = new ArrayList<>();
    others.forEach((id, other) -> {
      if (condition.test(other)) {
        found.add(id);
      }
    });
    return found;
  }

  /** Whether some other member says that it has a server. */
  boolean somebodyFollows() {
    return others.values().stream()
        .anyMatch(o -> o.fresh && o.standing != null && o.standing.is(Flag.FOLLOWS));
  }

  /** Who holds the newest global model: this member, if nobody has a newer one. */
  WorkerId newest(Standing own) {
    WorkerId best = self;
    Standing of = own;
    for (Map.Entry<WorkerId, Other> e : others.entrySet()) {
      Standing standing = e.getValue().standing;
      if (standing != null
          && (standing.term() > of.term()
              || (standing.term() == of.term() && standing.version() > of.version()))) {
        best = e.getKey();
        of = standing;
      }
    }
    return best;
  }

  /** A member does not give the model that it says it holds. */
  void givesNoModel(WorkerId id) {
    Other other = others.get(id);
    if (other != null && other.standing != null) {
      Standing s = other.standing;
      other.standing =
          new Standing(0, 0, s.life(), s.commits(), s.followers(), s.bytesPerSecond(), s.flags());
    }
  }

  /**
   * A term higher than any that is known of. Two members who take each other for lost may both take
   * over, and no two of their models are the same: half of its bits tell servers apart.
   *
   * @param own the highest that this member knows of
   * @param nowNanos time since the run began
   */
  long nextTerm(long own, long nowNanos) {
    long highest =
        others.values().stream()
            .map(o -> o.standing)
            .mapToLong(s -> s == null ? 0 : s.term())
            .reduce(own, Math::max);
    long server = Seeds.derive(nowNanos, self.name()) & ((1L << SERVER_BITS) - 1);
    return (((highest >> SERVER_BITS) + 1) << SERVER_BITS) + server;
  }
}
