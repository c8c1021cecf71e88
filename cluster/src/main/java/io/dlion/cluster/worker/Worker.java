package io.dlion.cluster.worker;

import io.dlion.cluster.link.BufferPool;
import io.dlion.cluster.link.Channels;
import io.dlion.cluster.link.Flow;
import io.dlion.cluster.link.Inbox;
import io.dlion.cluster.link.PeerLink;
import io.dlion.cluster.link.Piece;
import io.dlion.cluster.link.SharedPayload;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.learn.Learner;
import io.dlion.core.learn.Seeds;
import io.dlion.core.node.Action;
import io.dlion.core.node.BestModel;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Priority;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.EncodedSize;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.ValueFormat;
import io.dlion.core.wire.WeightsMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The runtime of one node: a mailbox whose events one thread feeds to the node one by one, carrying
 * out what the node asks for; a compute thread; a link to each peer; two channels. Everything that
 * waits does so outside the node.
 */
public final class Worker implements AutoCloseable {
  /** Events that may wait for the node; whoever brings more has to wait with them. */
  private static final int MAILBOX_MAX = 4096;

  private final WorkerId self;
  private final Member member;
  private final RunSpec spec;
  private final RunClock clock;
  private final Timers timers;
  private final Channels channels;
  private final ComputeThread compute;
  private final BufferPool pool = new BufferPool();
  private final BlockingQueue<Event> mailbox = new LinkedBlockingQueue<>(MAILBOX_MAX);
  private final Map<WorkerId, PeerLink> links =
      new HashMap<>(); // confined to the node's thread, but for consumed()
  private final Function<WorkerId, Flow> flows;
  private long firstMessage; // counts links; guarded by links
  private final CompletableFuture<WorkerOutcome> outcome = new CompletableFuture<>();
  private volatile @Nullable Inbox inbox;
  private volatile @Nullable Learner learner;
  private volatile Optional<IOException> unsaved = Optional.empty();
  private final AtomicBoolean ended = new AtomicBoolean(); // nothing is posted any more
  private volatile @Nullable Node node;
  private volatile @Nullable Thread thread;

  /**
   * A worker that is not connected yet.
   *
   * @param network makes its channels, which bring what arrives to the handler
   * @param flows makes the flow of the link to a peer
   */
  public Worker(
      Member member,
      RunSpec spec,
      RunClock clock,
      Timers timers,
      Network network,
      Function<WorkerId, Flow> flows)
      throws Exception {
    this.self = member.id();
    this.member = member;
    this.spec = spec;
    this.clock = clock;
    this.timers = timers;
    this.flows = flows;
    this.compute =
        new ComputeThread(
            "dlion-" + self + "-compute",
            clock,
            member.shard(),
            spec.test(),
            spec.testSample(),
            Seeds.derive(spec.seed(), self.name()),
            member.handicap());
    this.channels = network.channels(new Arrivals());
  }

  /** Makes the channels of a worker. */
  @FunctionalInterface
  public interface Network {
    Channels channels(Channels.Handler handler) throws Exception;
  }

  /** Makes the learner and joins the group; blocks until both are done. */
  public void connect(String group) throws Exception {
    makeReady();
    channels.connect(group);
  }

  /** Makes the learner; blocks until that is done. */
  public void makeReady() throws Exception {
    Learner made = makeLearner();
    learner = made;
    long largest =
        Math.max(
            EncodedSize.whole(made.parameters(), ValueFormat.FP32),
            WeightsMessage.sizeMax(made.parameters(), made.bufferLayout()));
    inbox = new Inbox(pool, largest);
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
    Learner made = learner;
    if (made == null) {
      throw new IllegalStateException(self + " is not ready");
    }
    return made;
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
    Node made =
        new Node(
            new NodeConfig(
                self,
                spec.settings(),
                trainingExamples,
                spec.goal(),
                spec.seed(),
                spec.test().count() > 0,
                spec.keepsBest(),
                sites,
                networked,
                replica.minimumBatch()),
            Replica.of(replica),
            pool);
    member.resumeFrom().ifPresent(made::restore);
    mailbox.add(first);
    node = made;
  }

  /** Starts the node's thread; all members must be prepared. */
  public void start() {
    Learner replica = learner;
    Node prepared = node;
    if (replica == null || prepared == null) {
      throw new IllegalStateException(self + " is not prepared");
    }
    Thread made = Thread.ofPlatform().name("dlion-" + self).unstarted(() -> run(prepared, replica));
    thread = made;
    made.start();
  }

  /** Asks the node to stop at the next opportunity. */
  public void requestStop(Reason reason) {
    post(new Event.StopRequested(clock.nowNanos(), reason));
  }

  /** Complete once its node has ended. */
  public CompletableFuture<WorkerOutcome> outcome() {
    return outcome;
  }

  // ---- the node's thread
  // --------------------------------------------------------------------------------------------

  private void run(Node node, Learner replica) {
    try {
      Optional<Reason> end = Optional.empty();
      while (end.isEmpty() && !ended.get()) {
        Event event = mailbox.take();
        if (event instanceof Event.MembersChanged e) {
          closeLinksBut(e.members());
        }
        end = carryOut(node.handle(onTime(event)), node, replica);
      }
      finish(end.orElse(Reason.FAILURE), Optional.empty());
    } catch (InterruptedException e) {
      finish(Reason.REQUEST, Optional.empty());
    } catch (Exception | Error e) {
      failed(e);
    }
  }

  private long lastNanos;

  /** Events carry the time at which they happened; for the node time never goes back. */
  private Event onTime(Event event) {
    lastNanos = Math.max(lastNanos, event.nowNanos());
    return event.at(lastNanos);
  }

  private Optional<Reason> carryOut(List<Action> actions, Node node, Learner replica)
      throws Exception {
    Map<Payload, SharedPayload> shared = share(actions);
    Optional<Reason> end = Optional.empty();
    for (Action action : actions) {
      switch (action) {
        case Action.Compute a -> compute.compute(replica, a, this::post, this::failed);
        case Action.Evaluate a -> compute.evaluate(replica, a.whole(), this::post, this::failed);
        case Action.Send a -> send(a, shared);
        case Action.Consumed a -> acknowledge(a);
        case Action.SetTimer a ->
            timers.at(a.atNanos(), () -> post(new Event.TimerFired(clock.nowNanos(), a.timer())));
        case Action.Tell a -> spec.sink().accept(a.report());
        case Action.Save a -> save(node);
        case Action.Finish a -> end = Optional.of(a.reason());
      }
    }
    return end;
  }

  /** Payloads that go to several links are given back when the last one is done with them. */
  private Map<Payload, SharedPayload> share(List<Action> actions) {
    Map<Payload, Integer> holders = new HashMap<>();
    for (Action action : actions) {
      if (action instanceof Action.Send a && a.priority() != Priority.CONTROL) {
        holders.merge(a.payload(), 1, Integer::sum);
      }
    }
    Map<Payload, SharedPayload> shared = new HashMap<>();
    holders.forEach((payload, n) -> shared.put(payload, new SharedPayload(payload, n, pool)));
    return shared;
  }

  private void send(Action.Send a, Map<Payload, SharedPayload> shared) throws Exception {
    SharedPayload payload = shared.get(a.payload());
    if (payload == null) {
      channels.sendControl(a.to(), a.payload().bytes(), a.payload().length());
    } else {
      link(a.to()).enqueue(a.priority(), payload);
    }
  }

  private PeerLink link(WorkerId peer) {
    synchronized (links) {
      return links.computeIfAbsent(
          peer,
          p ->
              new PeerLink(
                  p,
                  channels::sendBulk,
                  new LinkEvents(),
                  flows.apply(p),
                  spec.settings().number("transfer.reserved-share"),
                  firstMessage++ << 32,
                  self.name()));
    }
  }

  private void closeLinksBut(Set<WorkerId> members) {
    synchronized (links) {
      links
          .entrySet()
          .removeIf(e -> {
            boolean gone = !members.contains(e.getKey());
            if (gone) {
              e.getValue().close();
              forget(e.getKey());
            }
            return gone;
          });
    }
  }

  private void forget(WorkerId peer) {
    Inbox in = inbox;
    if (in != null) {
      in.forget(peer);
    }
  }

  private void acknowledge(Action.Consumed a) throws Exception {
    Inbox in = inbox;
    Optional<Long> number = in == null ? Optional.empty() : in.consumed(a.payload());
    if (number.isPresent()) {
      byte[] header = new Piece(Piece.Kind.CONSUMED, Priority.CONTROL, number.get(), 0, 0).encode();
      channels.sendControl(a.from(), header, header.length);
    }
  }

  private void save(Node node) {
    try {
      spec.checkpoints().save(node.checkpoint());
      if (unsaved.isPresent()) {
        notice(Severity.INFO, "checkpoints are saved again");
      }
      unsaved = Optional.empty();
    } catch (IOException e) {
      if (unsaved.isEmpty()) { // said once, not at every checkpoint
        notice(Severity.ERROR, "checkpoint not saved, training goes on: " + e.getMessage());
      }
      unsaved = Optional.of(e);
    }
  }

  private void finish(Reason reason, Optional<Throwable> failure) {
    if (ended.compareAndSet(false, true)) {
      end(reason, failure);
    }
  }

  private void failed(Throwable reason) {
    if (ended.compareAndSet(false, true)) {
      try {
        notice(Severity.ERROR, "failed: " + UserError.text(reason));
      } catch (RuntimeException e) {
        reason.addSuppressed(e); // the sink may be what failed
      } finally {
        end(Reason.FAILURE, Optional.of(reason));
      }
      var _ = Thread.startVirtualThread(channels::close); // peers see it leave
      Thread running = thread;
      if (running != null) {
        running.interrupt();
      }
    }
  }

  /** Only for the one who set {@link #ended}. */
  private void end(Reason reason, Optional<Throwable> failure) {
    Node of = node;
    Optional<BestModel> best = of == null || failure.isPresent() ? Optional.empty() : of.best();
    outcome.complete(
        new WorkerOutcome(self, reason, failure, unsaved, Optional.ofNullable(learner), best));
    List<Event> unheard = new ArrayList<>();
    mailbox.drainTo(unheard); // whoever waited for room goes on
    unheard.forEach(this::drop);
  }

  /** An event that comes too late; whoever sent a message need not wait for its being consumed. */
  private void drop(Event event) {
    if (event instanceof Event.Received e) {
      try {
        acknowledge(new Action.Consumed(e.from(), e.payload()));
      } catch (Exception gone) {
        // Nor does whoever has left.
      }
    }
  }

  private void notice(Severity severity, String text) {
    spec.sink().accept(new Report.Notice(self, clock.nowNanos(), severity, text));
  }

  /** Brings an event to the node; waits while the mailbox is full. */
  private void post(Event event) {
    try {
      if (ended.get()) {
        drop(event);
      } else {
        mailbox.put(event);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- what others bring
  // --------------------------------------------------------------------------------------------

  private final class LinkEvents implements PeerLink.Listener {
    @Override
    public void ready(WorkerId peer, Priority priority) {
      post(new Event.LinkReady(clock.nowNanos(), peer, priority));
    }

    @Override
    public void measured(WorkerId peer, double bytesPerSecond) {
      post(new Event.LinkMeasured(clock.nowNanos(), peer, bytesPerSecond));
    }

    @Override
    public void failed(WorkerId peer, Throwable reason) {
      // To a peer that has left nothing can be sent, and the node is told of that otherwise. A peer
      // that is still there would wait for ever for what this link no longer brings.
      if (channels.members().contains(peer)) {
        Worker.this.failed(new IllegalStateException("the link to " + peer + " broke", reason));
      }
    }
  }

  private final class Arrivals implements Channels.Handler {
    @Override
    public void control(WorkerId from, byte[] bytes, int offset, int length) {
      Piece piece = Piece.decode(bytes, offset, length);
      if (piece != null) {
        PeerLink link;
        synchronized (links) {
          link = links.get(from);
        }
        if (link != null) {
          switch (piece.kind()) {
            case CONSUMED -> link.consumed(piece.message());
            case RECEIVED -> link.received(piece);
            case DATA, MODEL, INITIAL_WEIGHTS -> {} // come on the other channel
          }
        }
      } else {
        byte[] copy = java.util.Arrays.copyOfRange(bytes, offset, offset + length);
        post(new Event.Received(clock.nowNanos(), from, new Payload(copy, length)));
      }
    }

    @Override
    public void bulk(WorkerId from, Piece piece, byte[] bytes, int offset, int length) {
      Inbox in = inbox;
      if (in != null) {
        in.add(from, piece, bytes, offset, length)
            .ifPresent(payload -> post(new Event.Received(clock.nowNanos(), from, payload)));
      }
    }

    @Override
    public void members(Set<WorkerId> members) {
      if (node != null && members.contains(self)) {
        post(new Event.MembersChanged(clock.nowNanos(), members));
      }
    }

    @Override
    public void failed(Throwable reason) {
      Worker.this.failed(reason);
    }
  }

  /** What the links carry that were used, in bytes per second; 0 where that is not known yet. */
  public Map<WorkerId, Double> bytesPerSecond() {
    Map<WorkerId, Double> rates = new TreeMap<>();
    synchronized (links) {
      links.forEach((peer, link) -> rates.put(peer, link.bytesPerSecond()));
    }
    return rates;
  }

  /** Whether links still carry something to those who are there; not from one that has failed. */
  public boolean hasLastWords() {
    WorkerOutcome end = outcome.getNow(null);
    if (end != null && end.reason() == Reason.FAILURE) {
      return false;
    }
    Set<WorkerId> there = channels.members();
    synchronized (links) {
      return links.entrySet().stream()
          .anyMatch(e -> !e.getValue().isIdle() && there.contains(e.getKey()));
    }
  }

  /** Ends all threads; the learner is closed last. */
  @Override
  public void close() {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
      try {
        running.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    closeLinksBut(Set.of());
    channels.close();
    compute.close();
    Learner made = learner;
    if (made != null) {
      made.close();
    }
  }
}
