package io.dlion.emulator.run;

import io.dlion.core.WorkerId;
import io.dlion.core.family.Nodes;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Replica;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Payload;
import java.util.List;

/**
 * What goes wrong beyond what an environment says. Asked by the emulation's thread, in order of
 * virtual time.
 */
public interface Trouble {
  /** None at all. */
  Trouble NONE =
      new Trouble() {
        @Override
        public List<Arrival> arrivals(WorkerId from, WorkerId to, Payload payload, long atNanos) {
          return List.of(new Arrival(0, payload));
        }

        @Override
        public boolean diskFull(WorkerId worker, long atNanos) {
          return false;
        }

        @Override
        public boolean spoilsGradient(WorkerId worker, long atNanos) {
          return false;
        }
      };

  /**
   * What becomes of a message that has just come to its receiver.
   *
   * @return nothing if it is lost, otherwise what arrives instead, itself perhaps
   */
  List<Arrival> arrivals(WorkerId from, WorkerId to, Payload payload, long atNanos);

  /** Whether a worker cannot save a checkpoint. */
  boolean diskFull(WorkerId worker, long atNanos);

  /** Whether a gradient just computed is not finite. */
  boolean spoilsGradient(WorkerId worker, long atNanos);

  /**
   * A message that arrives.
   *
   * @param delayNanos how long after it should have
   */
  record Arrival(long delayNanos, Payload payload) {}

  /** A worker's node, which may misbehave on purpose. */
  default Node node(NodeConfig config, Replica replica) {
    return Nodes.of(config, replica, Buffers.FRESH);
  }
}
