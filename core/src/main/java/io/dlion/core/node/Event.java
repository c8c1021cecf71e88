package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.stream.Lesson;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Payload;
import java.util.Optional;
import java.util.Set;

/**
 * Everything a node can learn. {@code nowNanos} is time since the run began, on the runtime's
 * clock.
 */
public sealed interface Event {
  /** When, in nanoseconds since the run began; never less than in the event before. */
  long nowNanos();

  /** All members that take part from the beginning are there, this worker among them. */
  record Started(long nowNanos, Set<WorkerId> members) implements Event {
    /** Copies the members. */
    public Started {
      members = Set.copyOf(members);
    }
  }

  /**
   * A run is under way, and this worker comes to it, for the first time or again: instead of {@link
   * Started}. It gets a peer's weights before it trains, unless what it was {@linkplain
   * Node#restore restored} to is as new.
   */
  record Joined(long nowNanos, Set<WorkerId> members) implements Event {
    /** Copies the members. */
    public Joined {
      members = Set.copyOf(members);
    }
  }

  /**
   * The gradient asked for by {@link Action.Compute} lies in the replica.
   *
   * @param loss mean loss of the batch, possibly not finite
   * @param computeNanos how long it took
   * @param waitedNanos how much of that it only waited for a processor, which did something else;
   *     asked for by {@link Action.Compute#profiled}, else 0
   * @param lesson what of a stream is in the batch; empty where all examples are in memory
   */
  record Computed(
      long nowNanos, double loss, long computeNanos, long waitedNanos, Optional<Lesson> lesson)
      implements Event {
    /** Of a batch of examples in memory. */
    public Computed(long nowNanos, double loss, long computeNanos, long waitedNanos) {
      this(nowNanos, loss, computeNanos, waitedNanos, Optional.empty());
    }

    /** What the step is taken to cost, with what it waited, when batches are divided. */
    public long costNanos() {
      long pace = lesson.map(Lesson::paceNanos).orElse(0L);
      return Math.max(computeNanos, pace + waitedNanos);
    }
  }

  /** The evaluation asked for by {@link Action.Evaluate}. */
  record Evaluated(long nowNanos, Evaluation evaluation) implements Event {}

  /**
   * A message has arrived; the payload stays as it is until the node says {@link Action.Consumed}.
   * Not before {@link Started}: until then its sender is unknown, and the message would be dropped.
   */
  record Received(long nowNanos, WorkerId from, Payload payload) implements Event {}

  /**
   * Who is there now, this worker included. A worker that crashes and comes again was gone in
   * between, however short that was: the node must be told.
   */
  record MembersChanged(long nowNanos, Set<WorkerId> members) implements Event {
    /** Copies the members. */
    public MembersChanged {
      members = Set.copyOf(members);
    }
  }

  /**
   * Between which members messages are relayed, because the two cannot reach each other directly;
   * all other pairs are direct. Topologies prefer direct pairs as neighbours. The runtime sends it
   * whenever the set that it knows changes, at any time from {@link Started} or {@link Joined} on;
   * without it there are none. Workers may know different sets for a moment, as they may of
   * members. Nothing that is under way is lost by it.
   *
   * @param relayed all such pairs in the run, as far as this worker knows
   */
  record PathsChanged(long nowNanos, Set<WorkerPair> relayed) implements Event {
    /** Copies the pairs. */
    public PathsChanged {
      relayed = Set.copyOf(relayed);
    }
  }

  /**
   * A link was measured.
   *
   * @param bytesPerSecond goodput that the link to the peer can reach at present
   */
  record LinkMeasured(long nowNanos, WorkerId peer, double bytesPerSecond) implements Event {}

  /**
   * The machine's processors are all busy, or no longer.
   *
   * @param bytesPerSecond what gradients may use of each link meanwhile; infinity: what it carries
   */
  record ProcessorShared(long nowNanos, double bytesPerSecond) implements Event {}

  /** A link has carried the last message of that priority and can take another. */
  record LinkReady(long nowNanos, WorkerId peer, Priority priority) implements Event {}

  /** The time is {@link Node#wakeAtNanos} or later. */
  record TimersDue(long nowNanos) implements Event {}

  /** This worker is to stop at the next opportunity. */
  record StopRequested(long nowNanos, Reason reason) implements Event {}

  /** The same event at another time. */
  default Event at(long nanos) {
    return switch (this) {
      case Started e -> new Started(nanos, e.members);
      case Joined e -> new Joined(nanos, e.members);
      case Computed e -> new Computed(nanos, e.loss, e.computeNanos, e.waitedNanos, e.lesson);
      case Evaluated e -> new Evaluated(nanos, e.evaluation);
      case Received e -> new Received(nanos, e.from, e.payload);
      case MembersChanged e -> new MembersChanged(nanos, e.members);
      case PathsChanged e -> new PathsChanged(nanos, e.relayed);
      case LinkMeasured e -> new LinkMeasured(nanos, e.peer, e.bytesPerSecond);
      case ProcessorShared e -> new ProcessorShared(nanos, e.bytesPerSecond);
      case LinkReady e -> new LinkReady(nanos, e.peer, e.priority);
      case TimersDue _ -> new TimersDue(nanos);
      case StopRequested e -> new StopRequested(nanos, e.reason);
    };
  }
}
