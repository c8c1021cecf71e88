package io.dlion.core.node;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A worker as a pure state machine: events in, actions out. It holds no clock, thread or socket;
 * the same node runs on a cluster, in one process, and in an emulator. Each family of methods has
 * one implementation; {@code core.family.Nodes} chooses it.
 *
 * <p>The runtime gives it one event at a time and carries out the actions in their order. After
 * each event it asks {@link #wakeAtNanos} and sends {@link Event.TimersDue} at that time. A wake-up
 * that is early or no longer needed does nothing.
 *
 * <p>Not thread safe: confined to one thread at a time. Weights and buffers of the replica change
 * only inside {@link #handle}, and never while a computation is under way.
 */
public interface Node {
  /**
   * Takes an event.
   *
   * @return what the runtime has to do, in this order
   */
  List<Action> handle(Event event);

  /** When its next timer is due, in nanoseconds since the run began; empty if none is set. */
  OptionalLong wakeAtNanos();

  /** The weights to judge this worker by; valid until the next event. */
  MemorySegment model();

  /** The buffers that belong to {@link #model}; valid until the next event. */
  MemorySegment modelBuffers();

  /**
   * Whether this worker's model is one that the run is judged by; it is not where the worker only
   * hands on what others have learnt.
   */
  default boolean isJudged() {
    return true;
  }

  /** How much its model counts at the end of a run; to be asked between two events. */
  default Rank rank() {
    return Rank.PEER;
  }

  /** The best model that evaluations have found, where that is kept; valid until the next event. */
  Optional<BestModel> best();

  /** Everything needed to resume from here; valid until the next event. */
  Checkpoint checkpoint();

  /** Resumes from a checkpoint of the same model; to be called before the first event. */
  void restore(Checkpoint checkpoint);
}
