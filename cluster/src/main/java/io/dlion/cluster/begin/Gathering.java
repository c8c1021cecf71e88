package io.dlion.cluster.begin;

import io.dlion.cluster.group.Encodings;
import io.dlion.cluster.group.Hello;
import io.dlion.cluster.group.PackedText;
import io.dlion.cluster.group.Start;
import io.dlion.core.WorkerId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Decides how a worker begins: with the others when enough have come, or later, coming to a run
 * that is under way. Pure; confined to one thread at a time.
 *
 * <p>The one who has been there longest decides who takes part from the beginning: those whose
 * checkpoints are the furthest, if there are any. It begins, and says so in its hello; everybody
 * who takes part does the same, so that it does not matter whose hello is heard first, or whether
 * the one who decided is still there. Those who begin a new run begin with the same weights: see
 * {@link Takeover}. All others come later and get weights from those who train.
 *
 * @param self whose beginning it is
 * @param encodings finds an encoding for the data of all
 * @param minWorkers how many workers there must be, this one included
 */
public record Gathering(UUID self, int minWorkers, Encodings encodings) {
  /**
   * With whom a worker is to begin and whom it has not met: it would take them for lost, and not
   * know what they send. Whoever comes later meets everybody on the way.
   */
  public static Set<WorkerId> unmet(Beginning how, List<Hello> members) {
    Set<WorkerId> unmet = new TreeSet<>();
    if (how instanceof Beginning.Together together) {
      unmet.addAll(together.start().members().keySet());
      members.stream().filter(together.start()::includes).forEach(m -> unmet.remove(m.name()));
    }
    return unmet;
  }

  /**
   * How a worker was called to a run together with others: by one of these members, which may be
   * gone the next moment. Empty: nobody has called it.
   */
  public static Optional<Beginning> call(WorkerId self, List<Hello> members) {
    return members.stream()
        .filter(m -> m.name().equals(self))
        .findFirst()
        .flatMap(own ->
            members.stream()
                .filter(m -> m.start().filter(start -> start.includes(own)).isPresent())
                .findFirst())
        .map(m -> new Beginning.Together(m.start().orElseThrow(), m.encoding()));
  }

  /**
   * What to do with these members, in the order of coming; empty: wait for more.
   *
   * @param awaitsElder whether somebody was there before this worker and is no member yet: then it
   *     does not decide
   */
  public Optional<Beginning> beginning(List<Hello> members, boolean awaitsElder) {
    Optional<Hello> own = members.stream().filter(m -> m.incarnation().equals(self)).findFirst();
    List<Hello> training = members.stream().filter(m -> m.start().isPresent()).toList();
    if (own.isEmpty()) {
      return Optional.empty();
    }
    if (!training.isEmpty()) {
      return Optional.of(join(own.get(), training));
    }
    boolean decides = !awaitsElder && members.getFirst().incarnation().equals(self);
    return decides && members.size() >= minWorkers && others(members).isEmpty()
        ? Optional.of(decide(own.get(), members))
        : Optional.empty();
  }

  /** Members that begin a new run and have not taken over the weights of the first one yet. */
  public static List<Hello> others(List<Hello> members) {
    return members.stream().filter(m -> Takeover.source(m, members).isPresent()).toList();
  }

  private static Beginning join(Hello own, List<Hello> training) {
    for (Hello hello : training) {
      Start start = hello.start().orElseThrow();
      if (start.includes(own)) {
        return new Beginning.Together(start, hello.encoding());
      }
    }
    Set<WorkerId> names = new TreeSet<>();
    training.forEach(t -> names.add(t.name()));
    long elapsed = training.stream().mapToLong(Hello::elapsedNanos).max().orElse(0);
    return new Beginning.Late(
        training.getFirst().start().orElseThrow(),
        training.getFirst().encoding(),
        elapsed,
        new HashSet<>(names));
  }

  private Beginning decide(Hello own, List<Hello> members) {
    long furthest = members.stream().mapToLong(Hello::iteration).max().orElse(0);
    long elapsed = members.stream().mapToLong(Hello::elapsedNanos).max().orElse(0);
    long examples = members.stream().mapToLong(Hello::examples).sum();
    Map<WorkerId, UUID> together = new HashMap<>();
    members.stream()
        .filter(m -> m.iteration() == furthest)
        .forEach(m -> together.put(m.name(), m.incarnation()));
    Start start = new Start(together, examples, elapsed);
    String encoding = encoding(members, furthest);
    if (start.includes(own)) {
      return new Beginning.Together(start, encoding);
    }
    // It has decided and is not among them: the others must hear of it, so it says so, too.
    return new Beginning.Late(start, encoding, elapsed, together.keySet());
  }

  /** That of the checkpoints which are the furthest, or one for the data of all. */
  private String encoding(List<Hello> members, long furthest) {
    List<Hello> byName = members.stream().sorted(Comparator.comparing(Hello::name)).toList();
    return furthest > 0
        ? byName.stream()
            .filter(m -> m.iteration() == furthest)
            .findFirst()
            .orElseThrow()
            .encoding()
        : PackedText.requireShort(encodings.common(byName.stream().map(Hello::offer).toList()));
  }
}
