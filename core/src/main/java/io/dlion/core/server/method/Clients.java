package io.dlion.core.server.method;

import io.dlion.core.WorkerId;
import java.util.SortedSet;

/** What a method may know of a server's clients. Read only; valid until the next event. */
public interface Clients {
  /** Who trains for the server now. */
  SortedSet<WorkerId> ids();

  /**
   * How many commits of a client have been applied. One that comes late begins with as many as the
   * client that has the fewest.
   */
  long commits(WorkerId client);

  /** Local steps per second of a client, as its commits tell; 0 before the first. */
  double stepsPerSecond(WorkerId client);

  /**
   * The loss of the global model, as the clients' batches tell: the mean over the newest commit of
   * each; NaN before the first.
   */
  double loss();

  /** The commits of the client that has made the most; 0 without clients. */
  default long most() {
    return ids().stream().mapToLong(this::commits).max().orElse(0);
  }

  /** The commits of the client that has made the fewest; 0 without clients. */
  default long least() {
    return ids().stream().mapToLong(this::commits).min().orElse(0);
  }
}
