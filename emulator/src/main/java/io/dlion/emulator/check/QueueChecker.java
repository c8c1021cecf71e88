package io.dlion.emulator.check;

import io.dlion.core.node.Action;
import io.dlion.core.node.Priority;
import io.dlion.core.sync.SyncRule;
import io.dlion.core.sync.Synchronization;
import io.dlion.core.sync.TokenQueue;
import io.dlion.emulator.network.Network;
import java.util.List;

/** No more than a few messages wait on any link, however long it is slow or cut. */
final class QueueChecker implements Checker {
  private static final int STEERING_MAX = 40;

  private final Findings findings;
  private final Network network;
  private final long most;

  QueueChecker(Findings findings, Network network, SyncRule rule) {
    this.findings = findings;
    this.network = network;
    long ahead = rule.staleness() instanceof Synchronization.Bounded b ? b.bound() : 0;
    long tokens = rule.tokens().map(TokenQueue::capacity).orElse(0L);
    this.most = 2 + Math.max(ahead, tokens) + 1 + STEERING_MAX;
  }

  @Override
  public void answered(View view, long nowNanos, List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.Send a) {
        int queued = network.queued(view.id, a.to());
        boolean second =
            a.priority() == Priority.WEIGHTS && !network.idle(view.id, a.to(), Priority.WEIGHTS);
        if (queued > most || second) {
          findings.add(
              view,
              nowNanos,
              "puts " + a.priority() + " behind " + queued + " messages to " + a.to());
        }
      }
    }
  }
}
