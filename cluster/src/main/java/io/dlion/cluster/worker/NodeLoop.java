package io.dlion.cluster.worker;

import io.dlion.cluster.link.SharedPayload;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.learn.Learner;
import io.dlion.core.node.Action;
import io.dlion.core.node.BestModel;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.Rank;
import io.dlion.core.report.Report;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Payload;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The thread of one node: feeds the events of its mailbox to it one by one, carries out what it
 * asks for, and ends with it. Whoever brings an event, or asks for the end, is on a thread of its
 * own.
 */
final class NodeLoop {
  private final WorkerId self;
  private final Equipment equipment;
  private final Mailbox mailbox = new Mailbox(this::drop);
  private final CheckpointSaver checkpoints;
  private final CompletableFuture<WorkerOutcome> outcome = new CompletableFuture<>();
  private final Queue<Consumer<Node>> looks = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Learner learner;
  private volatile @Nullable Node node;
  private volatile @Nullable Thread thread;
  private long lastNanos; // confined to the node's thread
  private boolean computing; // confined to the node's thread

  NodeLoop(WorkerId self, Equipment equipment) {
    this.self = self;
    this.equipment = equipment;
    this.checkpoints = new CheckpointSaver(equipment.spec().checkpoints(), this::notice);
  }

  // ---- beginning

  /** The replica is there. */
  void use(Learner made) {
    learner = made;
  }

  /** The replica, once there is one. */
  Learner replica() {
    Learner made = learner;
    if (made == null) {
      throw new IllegalStateException(self + " is not ready");
    }
    return made;
  }

  /** The replica; empty before there is one. */
  Optional<Learner> learner() {
    return Optional.ofNullable(learner);
  }

  /** From here on the node gets to know everything, and {@code first} before all else. */
  void prepare(Node made, Event first) {
    mailbox.begin(first);
    node = made;
  }

  /** Whether there is a node, though it may not run yet. */
  boolean isPrepared() {
    return node != null;
  }

  /** Starts the thread. */
  void start() {
    Learner replica = learner;
    Node prepared = node;
    if (replica == null || prepared == null) {
      throw new IllegalStateException(self + " is not prepared");
    }
    Thread made = Thread.ofPlatform().name("dlion-" + self).unstarted(() -> run(prepared, replica));
    thread = made;
    made.start();
  }

  /** Brings an event to the node; waits while the mailbox is full. */
  void post(Event event) {
    mailbox.post(event);
  }

  /**
   * Lets somebody look at the node on its own thread, at a moment when nothing is computed with its
   * replica: between two steps. Not where it ends before.
   */
  void look(Consumer<Node> look) {
    looks.add(look);
    post(new Event.TimersDue(equipment.clock().nowNanos())); // it may be waiting
  }

  /** Complete once the node has ended. */
  CompletableFuture<WorkerOutcome> outcome() {
    return outcome;
  }

  // ---- the node's thread

  private void run(Node node, Learner replica) {
    try {
      Optional<Reason> end = Optional.empty();
      while (end.isEmpty() && !mailbox.hasEnded()) {
        Event event = next(node);
        if (event instanceof Event.MembersChanged e) {
          closeLinksBut(e.members());
        }
        if (event instanceof Event.Computed) {
          equipment.stream().ifPresent(LiveStream::learned);
        }
        computing &= !(event instanceof Event.Computed || event instanceof Event.Evaluated);
        List<Action> actions = node.handle(onTime(event));
        letLook(node);
        end = carryOut(actions, node, replica);
      }
      finish(end.orElse(Reason.FAILURE));
    } catch (InterruptedException e) {
      finish(Reason.REQUEST);
    } catch (Exception | Error e) {
      failed(e);
    }
  }

  private void letLook(Node node) {
    while (!computing && !looks.isEmpty()) {
      looks.remove().accept(node);
    }
  }

  /** The next event: that timers are due, or else what comes first. */
  private Event next(Node node) throws InterruptedException {
    OptionalLong wake = node.wakeAtNanos();
    if (wake.isEmpty()) {
      return mailbox.take();
    }
    RunClock clock = equipment.clock();
    Optional<Event> event = mailbox.poll(wake.getAsLong() - clock.nowNanos());
    return event.orElseGet(() -> new Event.TimersDue(clock.nowNanos()));
  }

  private void closeLinksBut(Set<WorkerId> members) {
    equipment.links().closeAllBut(members, equipment.intake()::forget);
  }

  /** Events carry the time at which they happened; for the node time never goes back. */
  private Event onTime(Event event) {
    lastNanos = Math.max(lastNanos, event.nowNanos());
    return event.at(lastNanos);
  }

  private Optional<Reason> carryOut(List<Action> actions, Node node, Learner replica)
      throws Exception {
    Map<Payload, SharedPayload> shared = equipment.links().share(actions);
    ComputeThread compute = equipment.compute();
    Optional<Reason> end = Optional.empty();
    for (Action action : actions) {
      switch (action) {
        case Action.Compute a -> {
          computing = true;
          compute.compute(replica, a, this::post, this::failed);
        }
        case Action.Evaluate a -> {
          computing = true;
          compute.evaluate(replica, a.whole(), this::post, this::failed);
        }
        case Action.Send a -> send(a, shared);
        case Action.Consumed a -> equipment.intake().acknowledge(a);
        case Action.Tell a -> equipment.spec().sink().accept(a.report());
        case Action.Save _ -> save(node);
        case Action.OpenStream a -> stream().open(a.number());
        case Action.MarkStream a -> equipment.stream().ifPresent(s -> s.mark(a.number()));
        case Action.ForgetStream _ -> stream().forget();
        case Action.Finish a -> end = Optional.of(a.reason());
      }
    }
    return end;
  }

  private LiveStream stream() {
    return equipment.stream().orElseThrow();
  }

  private void save(Node node) throws IOException {
    Optional<LiveStream> stream = equipment.stream();
    Checkpoint checkpoint = node.checkpoint();
    checkpoints.save(stream.map(s -> checkpoint.with(s.state())).orElse(checkpoint));
    if (stream.isPresent() && checkpoints.unsaved().isEmpty()) {
      stream.get().saved();
    }
  }

  private void send(Action.Send a, Map<Payload, SharedPayload> shared) throws Exception {
    SharedPayload payload = shared.get(a.payload());
    if (payload == null) {
      equipment.channels().sendControl(a.to(), a.payload().bytes(), a.payload().length());
    } else {
      equipment.links().enqueue(a.to(), a.priority(), payload);
    }
  }

  // ---- the end

  private void finish(Reason reason) {
    if (mailbox.end()) {
      end(reason, Optional.empty());
    }
  }

  /** Ends the node for this reason, unless it has ended. */
  void failed(Throwable reason) {
    if (mailbox.end()) {
      try {
        notice(Severity.ERROR, "failed: " + UserError.text(reason));
      } catch (RuntimeException e) {
        reason.addSuppressed(e); // the sink may be what failed
      } finally {
        end(Reason.FAILURE, Optional.of(reason));
      }
      var _ = Thread.startVirtualThread(equipment.channels()::close); // peers see it leave
      Thread running = thread;
      if (running != null) {
        running.interrupt();
      }
    }
  }

  /** Only for the one who has ended the mailbox. */
  private void end(Reason reason, Optional<Throwable> failure) {
    Node of = node;
    Optional<BestModel> best = of == null || failure.isPresent() ? Optional.empty() : of.best();
    Rank rank = of == null || failure.isPresent() ? Rank.PEER : of.rank();
    outcome.complete(
        new WorkerOutcome(self, reason, failure, checkpoints.unsaved(), learner(), best, rank));
    mailbox.empty();
  }

  /** An event that comes too late; whoever sent a message need not wait for its being consumed. */
  private void drop(Event event) {
    if (event instanceof Event.Received e) {
      try {
        equipment.intake().acknowledge(new Action.Consumed(e.from(), e.payload()));
      } catch (Exception gone) {
        // Nor does whoever has left.
      }
    }
  }

  private void notice(Severity severity, String text) {
    equipment
        .spec()
        .sink()
        .accept(new Report.Notice(self, equipment.clock().nowNanos(), severity, text));
  }

  /** Ends the thread, whatever it does, and the links. */
  void stop() {
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
  }
}
