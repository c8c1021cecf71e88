package io.dlion.cluster.security;

import io.dlion.core.WorkerId;

/**
 * Whose a certificate is, and what its holder may do besides looking on.
 *
 * @param name a worker's or an operator's; both are of one form
 * @param mayOperate whether it is an operator's, who may stop, pause and resume a cluster and take
 *     its model; a worker's certificate never says so
 */
public record Caller(WorkerId name, boolean mayOperate) {
  /** {@code operator anna} or {@code worker lyon}. */
  @Override
  public String toString() {
    return (mayOperate ? "operator " : "worker ") + name;
  }
}
