package io.dlion.emulator.run;

import io.dlion.core.WorkerId;
import io.dlion.core.family.Nodes;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Replica;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Payload;
import java.util.List;
import java.util.Set;

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

  /** What is to happen beyond single messages, in any order. */
  default List<Strike> strikes() {
    return List.of();
  }

  /** Something that is to happen at a time. */
  sealed interface Strike {
    /** When it begins, in nanoseconds since the run began. */
    long atNanos();

    /** When it is over, in nanoseconds since the run began. */
    long untilNanos();

    /**
     * Whoever serves then crashes, and starts again when this is over. Where it is not clear who
     * serves, it hits somebody who may.
     */
    record ServerCrash(long atNanos, long untilNanos) implements Strike {}

    /** Whoever serves then stands still for a while. */
    record ServerPause(long atNanos, long untilNanos) implements Strike {}

    /**
     * Whoever then relays for a pair that cannot reach each other crashes, and starts again when
     * this is over.
     */
    record RelayCrash(long atNanos, long untilNanos) implements Strike {}

    /**
     * Some workers and all others take each other for gone, as those do who cannot reach each other
     * for as long as it takes to notice; what is under way between them is lost. When it is over
     * they are told of each other. The links between them are the environment's.
     */
    record Split(long atNanos, long untilNanos, Set<WorkerId> workers) implements Strike {
      /** Copies the workers. */
      public Split {
        workers = Set.copyOf(workers);
      }
    }
  }

  /** A worker's node, which may misbehave on purpose. */
  default Node node(NodeConfig config, Replica replica) {
    return Nodes.of(config, replica, Buffers.FRESH);
  }
}
