package io.dlion.core.server.method;

import io.dlion.core.WorkerId;
import io.dlion.core.wire.CommitPlan;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * When clients commit, and when they are answered: one implementation for each method. It is told
 * everything, decides everything, and does nothing. Not thread safe: confined to a server.
 */
public interface Method {
  /** The clients begin to train, or this worker has taken over from another server. */
  Orders begun(Clients clients, long nowNanos);

  /** A commit was applied. */
  Orders committed(WorkerId from, Clients clients, long nowNanos);

  /** Clients have come or gone. */
  default Orders clientsChanged(Clients clients, long nowNanos) {
    return Orders.NONE;
  }

  /** The time is {@link #wakeAtNanos} or later. */
  default Orders wokeUp(Clients clients, long nowNanos) {
    return Orders.NONE;
  }

  /** When it wants to be woken up, in nanoseconds since the run began; empty: never. */
  default OptionalLong wakeAtNanos() {
    return OptionalLong.empty();
  }

  /** Whether a client whose commit was applied may be answered now. */
  boolean answers(WorkerId client, Clients clients);

  /** When a client is to commit next, from its next answer on. */
  CommitPlan plan(WorkerId client, Clients clients, long nowNanos);

  /** What a person should know, once: asked for after each of the above. */
  default Optional<String> notice() {
    return Optional.empty();
  }

  /** What there is to say of it. */
  default MethodStatus status() {
    return MethodStatus.NONE;
  }
}
