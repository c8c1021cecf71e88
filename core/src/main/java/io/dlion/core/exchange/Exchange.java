package io.dlion.core.exchange;

import io.dlion.core.WorkerId;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.GradientHeader;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.HeaderExtension;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;

/**
 * What of a worker's gradients goes on each of its links. An exchange never waits: it is told of
 * every gradient once, and asked for a message whenever a link can take one. Confined to its node.
 */
public interface Exchange {
  /**
   * A gradient has been computed.
   *
   * @param gradient what this worker adds to the update; valid until this call returns, and
   *     possibly changed to what all peers will see of it
   * @param progress what is said about it
   * @param budgets the links that can take a message now, with the bytes each can carry
   * @return a message for each of these links
   */
  Map<WorkerId, Outgoing> computed(
      MemorySegment gradient, Progress progress, Map<WorkerId, Long> budgets, Buffers buffers);

  /** A link can take a message: what has gathered for it since its last one, if anything. */
  Optional<Outgoing> take(WorkerId peer, long budgetBytes, Buffers buffers);

  /**
   * What a link that will carry nothing more must still be given behind what it carries, if
   * anything: a peer would miss it for good.
   */
  default Optional<Outgoing> rest(WorkerId peer, Buffers buffers) {
    return Optional.empty();
  }

  /** A link to a peer is used from now on: what is computed or relayed goes there too. */
  void open(WorkerId peer);

  /**
   * A gradient that arrived from elsewhere is to go on all links of this exchange. It is sent
   * together with the gradients of this worker, not by itself.
   */
  void relay(GradientMessage message);

  /** A link is not used any more: nothing is kept for it. */
  void close(WorkerId peer);

  /**
   * Whether a link is given every gradient even while it carries another; otherwise it is asked
   * when it is free.
   */
  boolean queues();

  /**
   * What a gradient says about its sender.
   *
   * @param iteration its number
   * @param batchSize samples of this iteration
   * @param samples all samples processed so far, this iteration included
   * @param scale what the gradient is multiplied by to become what is sent
   * @param noiseScale gradient noise scale in samples, 0 where unknown
   * @param weight what is sent is multiplied by in the update
   * @param extension what the update rule tells peers besides
   */
  record Progress(
      long iteration,
      int batchSize,
      long samples,
      float scale,
      double noiseScale,
      double weight,
      HeaderExtension extension) {
    /** Before the first gradient. */
    static final Progress NONE = new Progress(0, 1, 1, 1, 0, 1, HeaderExtension.NONE);

    /** The same of what is to be sent as it is. */
    Progress ofSum() {
      return new Progress(iteration, batchSize, samples, 1, noiseScale, weight, extension);
    }

    /** The same with something else that peers are told. */
    Progress with(HeaderExtension more) {
      return new Progress(iteration, batchSize, samples, scale, noiseScale, weight, more);
    }

    /** What stands before the values of a message; its scale may be another than the gradient's. */
    GradientHeader header(float messageScale) {
      return new GradientHeader(
          iteration, batchSize, samples, messageScale, (float) noiseScale, extension);
    }
  }
}
