package io.dlion.emulator.check.witness;

import io.dlion.core.node.Action;
import io.dlion.core.node.Priority;
import io.dlion.emulator.network.Network;
import java.util.List;

/** No more than a few messages wait on any link, however long it is slow or cut. */
public final class QueueChecker implements Checker<Witnessed> {
  private static final int STEERING_MAX = 40;

  private final Findings findings;
  private final Network network;
  private final long most;

  /**
   * Nothing seen so far.
   *
   * @param most messages that may wait on a link, besides those that steer
   */
  public QueueChecker(Findings findings, Network network, long most) {
    this.findings = findings;
    this.network = network;
    this.most = most + STEERING_MAX;
  }

  @Override
  public void answered(Witnessed view, long nowNanos, List<Action> actions) {
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
