package io.dlion.cluster;

import io.dlion.cluster.begin.Beginning;
import io.dlion.cluster.begin.InitialWeights;
import io.dlion.cluster.begin.Takeover;
import io.dlion.cluster.group.Hello;
import io.dlion.cluster.link.Piece;
import io.dlion.cluster.tcp.TcpChannels;
import io.dlion.cluster.worker.RunClock;
import io.dlion.core.WorkerId;
import io.dlion.core.learn.Learner;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a worker comes to a run: it introduces itself, waits for the others, takes over their weights
 * where it has other ones, and begins. Safe for several threads, of which one waits.
 */
final class Entrance {
  private final WorkerConfig config;
  private final RunClock clock;
  private final TcpChannels channels;
  private final Assembly assembly;
  private volatile @Nullable Takeover takeover;
  private volatile @Nullable Beginning beginning;
  private volatile @Nullable Thread introduction;

  /**
   * Nothing has begun.
   *
   * @param takeover compares the weights to begin with; empty where that is not to be done
   */
  Entrance(
      WorkerConfig config,
      RunClock clock,
      TcpChannels channels,
      Assembly assembly,
      Optional<Takeover> takeover) {
    this.config = config;
    this.clock = clock;
    this.channels = channels;
    this.assembly = assembly;
    this.takeover = takeover.orElse(null);
  }

  /** What the worker says of itself at first. */
  Hello hello(UUID control, UUID bulk) {
    Takeover begins = takeover;
    return new Hello(
        Hello.Role.WORKER,
        new Hello.Identity(config.name(), config.site(), control, bulk),
        config.run().job(),
        new Hello.Data(config.shard().encodings().own(), config.shard().examples()),
        new Hello.State(
            config.from().iteration(),
            begins == null ? 0 : begins.weights().hash(),
            Optional.empty(),
            config.from().elapsedNanos()),
        Hello.Meeting.NONE);
  }

  /** Waits until the run begins for this worker; see {@link ClusterWorker#gather}. */
  boolean gather() throws InterruptedException {
    boolean begins =
        assembly.gather(channels.self().incarnation(), Optional.ofNullable(takeover), this::begin);
    Thread news = introduction;
    if (news != null) {
      news.join(); // whoever fails from here on and leaves has told the others that it began
    }
    return begins;
  }

  /** From now on everybody knows that this worker trains. */
  private void begin(Beginning how) {
    beginning = how;
    clock.set(how.elapsedNanos());
    // The lock of the channels must not be taken under that of the assembly.
    introduction =
        Thread.startVirtualThread(() ->
            channels.introduce(() -> channels.self().training(how.start(), how.encoding(), 0)));
  }

  /** Whether the wait is over, and the run has begun. */
  boolean hasBegun() {
    return beginning != null;
  }

  /** How the worker begins; known once gathered. */
  Beginning beginning() {
    Beginning how = beginning;
    if (how == null) {
      throw new IllegalStateException("not gathered");
    }
    return how;
  }

  /** Puts the weights to begin with into a learner, where they are another's, and frees them. */
  void weightsInto(Learner learner) {
    Takeover with = takeover;
    if (with != null) {
      with.taken().ifPresent(weights -> weights.copyTo(learner));
    }
    takeover = null; // no longer needed, and as large as the model
  }

  /** A part of {@link InitialWeights} has come. */
  void weightsArrived(WorkerId from, Piece piece, byte[] bytes, int offset, int length) {
    Takeover with = takeover;
    if (with != null) {
      with.arrived(from, piece, bytes, offset, length);
    }
  }

  /** A member asks for the weights of this worker. */
  void weightsWanted(WorkerId by) {
    Takeover with = takeover;
    if (with != null) {
      with.wanted(by);
    }
  }
}
