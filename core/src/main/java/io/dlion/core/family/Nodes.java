package io.dlion.core.family;

import io.dlion.core.WorkerId;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Replica;
import io.dlion.core.online.StreamNode;
import io.dlion.core.peer.PeerNode;
import io.dlion.core.peer.Realignment;
import io.dlion.core.server.MemberNode;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Buffers;
import java.util.Collection;
import java.util.Map;

/** Which node a run's strategy asks for: the only place that knows of several families. */
public final class Nodes {
  private Nodes() {}

  /**
   * A node that has not started.
   *
   * @param examples what its examples look like
   * @param buffers where the arrays of its messages come from
   */
  public static Node of(
      NodeConfig config, ExampleShape examples, Replica replica, Buffers buffers) {
    return StreamNode.around(
        config, examples, replica.layout().fingerprint(), told -> of(told, replica, buffers));
  }

  /**
   * A node that has not started, and knows nothing of streams.
   *
   * @param buffers where the arrays of its messages come from
   */
  public static Node of(NodeConfig config, Replica replica, Buffers buffers) {
    return config.strategy().server().isPresent()
        ? new MemberNode(config, replica, buffers)
        : new PeerNode(config, replica, buffers);
  }

  /**
   * Where each worker resumes, so that the checkpoints of one run go together.
   *
   * @param saved the workers' last checkpoints, at least one
   * @param workers all of the run
   */
  public static Map<WorkerId, Checkpoint> realigned(
      Map<WorkerId, Checkpoint> saved, Collection<WorkerId> workers, Strategy strategy) {
    return strategy.server().isPresent()
        ? Map.copyOf(saved) // the server begins with the newest of them
        : Realignment.of(saved, workers, strategy);
  }
}
