package io.dlion.cluster.worker;

import io.dlion.cluster.link.BufferPool;
import io.dlion.cluster.link.Channels;
import io.dlion.cluster.link.Flow;
import io.dlion.cluster.link.PeerLink;
import io.dlion.cluster.link.Piece;
import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.core.family.Nodes;
import io.dlion.core.learn.Learner;
import io.dlion.core.learn.Seeds;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Priority;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Payload;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * The runtime of one node: a mailbox whose events one thread feeds to the node one by one, carrying
 * out what the node asks for ({@link NodeLoop}); a compute thread; a link to each peer; two
 * channels. Everything that waits does so outside the node. Made, prepared and started by one
 * thread at a time; everything else is safe for several.
 */
public final class Worker implements AutoCloseable {
  private final WorkerId self;
  private final Member member;
  private final RunSpec spec;
  private final AtomicReference<Set<WorkerPair>> relayed = new AtomicReference<>(Set.of());
  private final RunClock clock;
  private final BufferPool pool = new BufferPool();
  private final Optional<LiveStream> stream;
  private final ComputeThread compute;
  private final Channels channels;
  private final LargeMessages intake;
  private final PeerLinks links;
  private final ProcessorWatch processors;
  private final NodeLoop loop;

  /**
   * A worker that is not connected yet.
   *
   * @param network makes its channels, which bring what arrives to the handler
   * @param flows makes the flow of the link to a peer
   */
  public Worker(
      Member member, RunSpec spec, RunClock clock, Network network, Function<WorkerId, Flow> flows)
      throws Exception {
    this.self = member.id();
    this.member = member;
    this.spec = spec;
    this.clock = clock;
    this.stream = member.stream().map(this::liveStream);
    this.compute = new ComputeThread(member, spec, clock, stream);
    this.channels = network.channels(new Arrivals());
    this.intake = new LargeMessages(pool, channels);
    this.links =
        new PeerLinks(
            self, channels, pool, spec.strategy().links().reservedShare(), flows, new LinkEvents());
    this.processors =
        new ProcessorWatch(
            spec.strategy().links().processorShare(), links::bytesPerSecond, this::limited);
    this.loop =
        new NodeLoop(self, new Equipment(spec, clock, channels, compute, links, intake, stream));
  }

  private LiveStream liveStream(StreamSpec source) {
    LiveStream made =
        new LiveStream(
            source,
            spec.strategy().stream(),
            member.shard(),
            Seeds.derive(spec.task().seed(), self.name()),
            clock,
            (severity, text) ->
                spec.sink().accept(new Report.Notice(self, clock.nowNanos(), severity, text)));
    member.resumeFrom().flatMap(Checkpoint::feed).ifPresent(made::restore);
    return made;
  }

  /** Makes the channels of a worker. */
  @FunctionalInterface
  public interface Network {
    Channels channels(Channels.Handler handler) throws Exception;
  }

  // ---- beginning

  /** Makes the learner and joins the group; blocks until both are done. */
  public void connect(String group) throws Exception {
    makeReady();
    channels.connect(group);
  }

  /** Makes the learner; blocks until that is done. */
  public void makeReady() throws Exception {
    Learner made = makeLearner();
    loop.use(made);
    intake.open(made);
  }

  private Learner makeLearner() throws Exception {
    try {
      return compute.call(() -> spec.learners().create(self)).get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw e;
      }
    }
  }

  /**
   * Makes the node. From here on it gets to know everything, and that it has been started first:
   * all workers must be prepared before the first one runs, or what that one says would be lost.
   *
   * @param first {@link Event.Started}, or {@link Event.Joined} where a run is under way
   * @param trainingExamples D
   * @param sites the site of each worker; empty where all are at one
   * @param networked whether its peers are in other processes
   */
  public void prepare(
      Event first, long trainingExamples, Map<WorkerId, String> sites, boolean networked) {
    Learner replica = replica();
    NodeConfig config =
        new NodeConfig(
            self,
            spec.strategy(),
            trainingExamples,
            member.examples(spec.strategy()),
            spec.task().goal(),
            spec.task().seed(),
            spec.tests().all().count() > 0 || isTestedByStream(),
            spec.keepsBest(),
            sites,
            networked,
            replica.minimumBatch());
    Node made =
        Nodes.of(
            stream.isPresent() ? config.streaming() : config,
            member.shard().shape(),
            Replica.of(replica),
            pool);
    member.resumeFrom().ifPresent(made::restore);
    loop.prepare(made, first);
    if (networked) {
      processors.watch();
    }
  }

  private boolean isTestedByStream() {
    return stream.isPresent() && spec.strategy().stream().testShare() > 0;
  }

  /**
   * Tells the node what its lines carry, where that is known without measuring; to be called
   * between {@link #prepare} and {@link #start}.
   *
   * @param bytesPerSecond to each peer
   */
  public void linesAre(Map<WorkerId, Double> bytesPerSecond) {
    bytesPerSecond.forEach(
        (peer, rate) -> loop.post(new Event.LinkMeasured(clock.nowNanos(), peer, rate)));
  }

  /** Starts the node's thread; all members must be prepared. */
  public void start() {
    loop.start();
  }

  // ---- while it runs

  /** Its name. */
  public WorkerId id() {
    return self;
  }

  /** The workers that it sees, itself included. */
  public Set<WorkerId> members() {
    return channels.members();
  }

  /** Its replica; of use to others only once the worker has ended. */
  public Learner replica() {
    return loop.replica();
  }

  /** Asks the node to stop at the next opportunity. */
  public void requestStop(Reason reason) {
    stream.ifPresent(LiveStream::stop);
    loop.post(new Event.StopRequested(clock.nowNanos(), reason));
  }

  /**
   * A copy of its model as it is between two steps.
   *
   * @return completes on the node's thread; never where the node ends before
   */
  public CompletableFuture<ModelCopy> model() {
    CompletableFuture<ModelCopy> copy = new CompletableFuture<>();
    loop.look(node -> {
      try {
        copy.complete(ModelCopy.of(node));
      } catch (OutOfMemoryError e) {
        copy.completeExceptionally(e); // training needs no more than it has
      }
    });
    return copy;
  }

  /** Complete once its node has ended. */
  public CompletableFuture<WorkerOutcome> outcome() {
    return loop.outcome();
  }

  /** What the links carry that were used, in bytes per second; 0 where that is not known yet. */
  public Map<WorkerId, Double> bytesPerSecond() {
    return links.bytesPerSecond();
  }

  /** Whether links still carry something to those who are there; not from one that has failed. */
  public boolean hasLastWords() {
    WorkerOutcome end = outcome().getNow(null);
    if (end != null && end.reason() == Reason.FAILURE) {
      return false;
    }
    return links.carryTo(channels.members());
  }

  /** Ends all threads; the learner is closed last. */
  @Override
  public void close() {
    processors.close();
    stream.ifPresent(LiveStream::close);
    loop.stop();
    channels.close();
    compute.close();
    loop.learner().ifPresent(Learner::close);
  }

  // ---- what others bring

  /** Tells the node which members reach each other only through others, if that is new. */
  public void relayed(Set<WorkerPair> pairs) {
    if (loop.isPrepared() && !pairs.equals(relayed.getAndSet(Set.copyOf(pairs)))) {
      loop.post(new Event.PathsChanged(clock.nowNanos(), pairs));
    }
  }

  private void limited(double bytesPerSecond) {
    loop.post(new Event.ProcessorShared(clock.nowNanos(), bytesPerSecond));
  }

  private final class LinkEvents implements PeerLink.Listener {
    @Override
    public void ready(WorkerId peer, Priority priority) {
      loop.post(new Event.LinkReady(clock.nowNanos(), peer, priority));
    }

    @Override
    public void measured(WorkerId peer, double bytesPerSecond) {
      loop.post(new Event.LinkMeasured(clock.nowNanos(), peer, bytesPerSecond));
    }

    @Override
    public void failed(WorkerId peer, Throwable reason) {
      // To a peer that has left nothing can be sent, and the node is told of that otherwise. A peer
      // that is still there would wait for ever for what this link no longer brings.
      if (channels.members().contains(peer)) {
        loop.failed(new IllegalStateException("the link to " + peer + " broke", reason));
      }
    }
  }

  private final class Arrivals implements Channels.Handler {
    @Override
    public void control(WorkerId from, byte[] bytes, int offset, int length) {
      Piece piece = Piece.decode(bytes, offset, length);
      if (piece != null) {
        links.receipt(from, piece);
      } else {
        byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
        loop.post(new Event.Received(clock.nowNanos(), from, new Payload(copy, length)));
      }
    }

    @Override
    public void bulk(WorkerId from, Piece piece, byte[] bytes, int offset, int length) {
      intake
          .add(from, piece, bytes, offset, length)
          .ifPresent(payload -> loop.post(new Event.Received(clock.nowNanos(), from, payload)));
    }

    @Override
    public void members(Set<WorkerId> members) {
      if (loop.isPrepared() && members.contains(self)) {
        loop.post(new Event.MembersChanged(clock.nowNanos(), members));
      }
    }

    @Override
    public void failed(Throwable reason) {
      loop.failed(reason);
    }
  }
}
