package io.dlion.core.peer;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Improvement;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.peer.roster.Tally;
import io.dlion.core.strategy.Strategy;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes checkpoints of one run go together. Workers save at the same counts of samples, but a run
 * may be killed or stopped between the first and the last of them: those that are behind take over
 * weights, optimizer and counters of the one furthest ahead, and keep their own place in their
 * data; one that has none yet begins its data there.
 *
 * <p>Where replicas are alike, what the one ahead has applied contains what those behind have sent
 * it: they go on with their data after that. If the only gradient they lack is one that is in their
 * own velocity already (momentum at the sender), that velocity is right and stays theirs.
 */
public final class Realignment {
  private static final List<String> SHARED =
      List.of(
          "iteration",
          "evaluations",
          "evaluation-due",
          "checkpoints",
          "batching.global",
          "batching.workers",
          "batching.points");

  private final Checkpoint furthest;
  private final boolean alike;
  private final boolean ownVelocities;

  private Realignment(Checkpoint furthest, Strategy strategy) {
    this.furthest = furthest;
    this.alike = strategy.keepsReplicasAlike();
    this.ownVelocities = strategy.descent().atSender();
  }

  /**
   * Where each worker goes on.
   *
   * @param saved the workers' last checkpoints, at least one
   * @param workers all of the run
   * @param strategy of the run
   */
  public static Map<WorkerId, Checkpoint> of(
      Map<WorkerId, Checkpoint> saved, Collection<WorkerId> workers, Strategy strategy) {
    Checkpoint furthest =
        saved.values().stream().max(Comparator.comparingLong(Checkpoint::iteration)).orElseThrow();
    Realignment realignment = new Realignment(furthest, strategy);
    Map<WorkerId, Checkpoint> aligned = new LinkedHashMap<>();
    for (WorkerId worker : workers) {
      Checkpoint own = saved.get(worker);
      boolean stays = own != null && !realignment.behind(own);
      aligned.put(worker, stays ? own : realignment.ahead(worker, own));
    }
    return aligned;
  }

  /** Where replicas are alike, any iteration behind is too far; else a checkpoint behind is. */
  private boolean behind(Checkpoint c) {
    return alike
        ? c.iteration() < furthest.iteration()
        : c.number("checkpoints") < furthest.number("checkpoints");
  }

  private Checkpoint ahead(WorkerId worker, @Nullable Checkpoint own) {
    boolean lacksOne =
        own != null && own.number(Tally.PENDING) > 0 && own.iteration() + 1 == furthest.iteration();
    return new Checkpoint(
        worker,
        state(worker, own == null ? Map.of() : own.state()),
        furthest.layout(),
        furthest.weights(),
        own != null && lacksOne && ownVelocities ? own.memories() : furthest.memories(),
        furthest.bufferLayout(),
        furthest.buffers(),
        own == null ? furthest.best() : own.best(),
        own == null ? Optional.empty() : own.feed());
  }

  private Map<String, String> state(WorkerId worker, Map<String, String> own) {
    Map<String, String> state = new TreeMap<>(own);
    state.remove(Tally.PENDING);
    if (own.isEmpty()) {
      take(state, Improvement.KEYS);
    }
    take(state, SHARED);
    if (alike) {
      String self = Roster.SAMPLES_OF + worker;
      take(
          state,
          furthest.state().keySet().stream()
              .filter(key -> key.startsWith(Roster.SAMPLES_OF) && !key.equals(self))
              .toList());
      state.put(
          Roster.SAMPLES_OF + furthest.worker(), Long.toString(furthest.number(Tally.ANNOUNCED)));
      state.put(Tally.ANNOUNCED, Long.toString(furthest.number(self)));
      long applied = furthest.number(self) - Long.parseLong(own.getOrDefault("samples", "0"));
      for (String counter : List.of("position", "samples")) {
        long before = Long.parseLong(own.getOrDefault(counter, "0"));
        state.put(counter, Long.toString(before + Math.max(0, applied)));
      }
    }
    return state;
  }

  private void take(Map<String, String> state, List<String> keys) {
    for (String key : keys) {
      String value = furthest.state().get(key);
      if (value != null) {
        state.put(key, value);
      }
    }
  }
}
