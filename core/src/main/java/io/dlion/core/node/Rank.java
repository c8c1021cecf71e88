package io.dlion.core.node;

import io.dlion.core.WorkerId;
import java.util.Optional;

/**
 * How much a worker's model counts at the end of a run.
 *
 * @param server who serves, in the family with a server: the worker itself where it does; empty
 *     where nobody does
 * @param precedence of its model: those of the highest make the run's model, the others do not
 */
public record Rank(Optional<WorkerId> server, long precedence) {
  /** Of peers: the models of all count. */
  public static final Rank PEER = new Rank(Optional.empty(), 0);
}
