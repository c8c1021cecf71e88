package io.dlion.cluster;

import io.dlion.cluster.begin.Beginning;
import io.dlion.cluster.cap.Allowance;
import io.dlion.cluster.link.Channels;
import io.dlion.cluster.link.PacedFlow;
import io.dlion.cluster.link.Piece;
import io.dlion.cluster.settle.Agreement;
import io.dlion.cluster.settle.ReplicaMerger;
import io.dlion.cluster.settle.Settlement;
import io.dlion.cluster.tcp.TcpChannels;
import io.dlion.cluster.worker.Member;
import io.dlion.cluster.worker.ModelCopy;
import io.dlion.cluster.worker.RunClock;
import io.dlion.cluster.worker.RunSpec;
import io.dlion.cluster.worker.Worker;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.core.learn.Learner;
import io.dlion.core.report.Report;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A worker on a network while it trains: from the making of its learner to the model of the run.
 * Begun by one thread; everything else is safe for several.
 */
final class NetworkTraining implements AutoCloseable {
  private static final long LAST_WORDS_NANOS_MAX = 5_000_000_000L;

  private final WorkerId self;
  private final RunClock clock;
  private final TcpChannels channels;
  private final Assembly assembly;
  private final StatusBoard board;
  private final Worker worker;
  private final List<Channels.Handler> arrivals = new ArrayList<>();
  private volatile @Nullable Settlement settlement;

  /** Makes the worker, which has no learner yet. */
  NetworkTraining(
      Member member,
      RunSpec spec,
      RunClock clock,
      TcpChannels channels,
      Allowance allowance,
      Assembly assembly)
      throws Exception {
    this.self = member.id();
    this.clock = clock;
    this.channels = channels;
    this.assembly = assembly;
    this.board = new StatusBoard(noIteration(self), spec.sink());
    RunSpec watched =
        new RunSpec(
            spec.task(),
            spec.tests(),
            spec.learners(),
            board,
            spec.checkpoints(),
            spec.keepsBest());
    this.worker =
        new Worker(
            member,
            watched,
            clock,
            handler -> {
              arrivals.add(handler);
              return channels;
            },
            peer -> new PacedFlow(allowance));
  }

  /** What a worker does that does not train yet. */
  static WorkerStatus.Doing waiting(WorkerId self) {
    return WorkerStatus.Doing.after(WorkerStatus.WAITING, noIteration(self), Double.NaN);
  }

  private static Report.Iteration noIteration(WorkerId self) {
    return new Report.Iteration(self, 0, -1, 0, 0, Double.NaN, 0, 0, 0, 0, 0, 0);
  }

  /** Makes the learner; blocks until that is done. */
  Learner makeReady() throws Exception {
    worker.makeReady();
    return worker.replica();
  }

  /** Starts to train. */
  void start(Beginning how) {
    settlement = new Settlement(self, worker.replica(), new Post());
    worker.prepare(
        how.first(clock.nowNanos()), how.start().trainingExamples(), assembly.sites(), true);
    channels.open(arrivals.getFirst());
    worker.start();
    relayed(assembly.relayed());
  }

  // ---- while it trains

  /** Stops at the next opportunity; unless the run is over for all, it waits for nobody then. */
  void requestStop(Reason reason) {
    worker.requestStop(reason);
    Settlement with = settlement;
    if (with != null && !reason.endsRun()) {
      with.giveUp();
    }
  }

  /** A copy of its model as it is between two steps; see {@link Worker#model}. */
  CompletableFuture<ModelCopy> model() {
    return worker.model();
  }

  /** Reports something that a person should know. */
  void tell(Report.Severity severity, String text) {
    board.accept(new Report.Notice(self, clock.nowNanos(), severity, text));
  }

  /** How far it is. */
  WorkerStatus.Doing doing() {
    String phase = worker.outcome().isDone() ? WorkerStatus.ENDED : WorkerStatus.TRAINING;
    return WorkerStatus.Doing.after(phase, board.iteration(), board.accuracy());
  }

  /** Who serves, in the family with a server, as far as this worker has told. */
  Optional<WorkerStatus.Service> service() {
    return board.service();
  }

  /** How learning from the worker's stream stands. */
  Optional<WorkerStatus.Streaming> streaming() {
    return board.streaming();
  }

  /** What the links carry that were used, in bytes per second. */
  Map<WorkerId, Double> bytesPerSecond() {
    return worker.bytesPerSecond();
  }

  /** The members have changed, or what they say, or more of a model is on its way to them. */
  void membersChanged() {
    Settlement with = settlement;
    if (with != null) {
      with.changed();
    }
  }

  /** Which members reach each other only through others. */
  void relayed(Set<WorkerPair> pairs) {
    worker.relayed(pairs);
  }

  /** A part of a replica, or of the model of the run, has come. */
  void modelArrived(WorkerId from, Piece piece, byte[] bytes, int offset, int length) {
    Settlement with = settlement;
    if (with != null) {
      with.arrived(from, piece, bytes, offset, length);
    }
  }

  /** A member has the model that this worker sent. */
  void modelTaken(WorkerId by) {
    Settlement with = settlement;
    if (with != null) {
      with.taken(by);
    }
  }

  // ---- the end

  /** Waits until the node has ended. */
  WorkerOutcome await() throws InterruptedException {
    try {
      return worker.outcome().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The model of the run, if it is over for all, else that of this worker. */
  Agreement agree(ReplicaMerger merger, WorkerOutcome outcome) throws InterruptedException {
    Settlement with = settlement;
    if (outcome.reason().endsRun() && with != null) {
      return with.settle(merger, outcome.rank());
    }
    outcome.soundReplica().ifPresent(own -> merger.add(self, 0, own.weights(), own.buffers()));
    return new Agreement(merger.merge(), Optional.of(self));
  }

  /** Lets the links carry the last gradients, which others may wait for, and ends all threads. */
  @Override
  public void close() {
    long deadline = System.nanoTime() + LAST_WORDS_NANOS_MAX;
    while (worker.hasLastWords() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(5_000_000);
    }
    worker.close();
  }

  /** The way to those who settle, too. */
  private final class Post implements Settlement.Post {
    @Override
    public Set<WorkerId> present() {
      return assembly.training();
    }

    @Override
    public void send(WorkerId to, Payload message) throws Exception {
      // Who is still sending waits on, however little it may send.
      channels.sendModel(to, Piece.Kind.MODEL, message, NetworkTraining.this::membersChanged);
    }

    @Override
    public void confirm(WorkerId maker) {
      channels.confirmModel(maker);
    }

    @Override
    public void say(String text) {
      tell(Report.Severity.WARNING, text);
    }
  }
}
