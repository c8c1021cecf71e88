package io.dlion.cluster.settle;

import io.dlion.cluster.link.BufferPool;
import io.dlion.cluster.link.Inbox;
import io.dlion.cluster.link.Piece;
import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.learn.Learner;
import io.dlion.core.node.Rank;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.Payload;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the workers of a run come to one model at its end. Of those who are there when a worker ends,
 * the server makes it, and where there is none the one of the least name: the others send it their
 * replicas, and it sends the model to them. If it goes before that, the next one makes it. Who has
 * waited for {@value #PATIENCE_MINUTES} minutes in which nothing arrived and nobody went keeps its
 * own replica.
 *
 * <p>What others send may come before this worker has ended, and waits. Safe for several threads;
 * {@link #settle} is called by one.
 */
public final class Settlement {
  private static final long PATIENCE_MINUTES = 5;
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(PATIENCE_MINUTES);

  /** A wait that takes longer is told of. */
  private static final long QUIET_SECONDS = 5;

  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(QUIET_SECONDS);

  private final WorkerId self;
  private final Learner own;
  private final Post post;
  private final Inbox inbox;
  private final TreeMap<WorkerId, Arrived> replicas = new TreeMap<>(); // guarded by this
  private final Set<WorkerId> took = new HashSet<>(); // guarded by this

  /** Who has sent a model that cannot be used, such as one with values that are not finite. */
  private final Set<WorkerId> unusable = new HashSet<>(); // guarded by this

  private Optional<Arrived> agreed = Optional.empty(); // guarded by this
  private boolean givenUp; // guarded by this
  private long progressNanos; // guarded by this

  /** A message whose array goes back to the inbox. */
  private record Arrived(WorkerId from, Payload bytes, ModelMessage message) {}

  /** The way to the others. */
  public interface Post {
    /** Who takes part in the run and can be reached. */
    Set<WorkerId> present();

    /** Sends a message; returns when the network has taken it all. */
    void send(WorkerId to, Payload message) throws Exception;

    /** Tells the maker of the model that it has arrived. */
    void confirm(WorkerId maker);

    /** Tells people. */
    void say(String text);
  }

  /**
   * The settlement of one worker.
   *
   * @param own its replica, which only {@link #settle} reads and writes
   */
  public Settlement(WorkerId self, Learner own, Post post) {
    this.self = self;
    this.own = own;
    this.post = post;
    this.inbox = new Inbox(new BufferPool(), ModelMessage.bytesMax(own));
  }

  // ---- what others do

  /** A part of a message has come. */
  public void arrived(WorkerId from, Piece piece, byte[] bytes, int offset, int length) {
    progress();
    Optional<Payload> whole = inbox.add(from, piece, bytes, offset, length);
    if (whole.isEmpty()) {
      return;
    }
    try {
      keep(
          new Arrived(
              from,
              whole.get(),
              ModelMessage.decode(whole.get(), own.parameters(), own.bufferLayout())));
    } catch (MalformedMessageException e) {
      inbox.consumed(whole.get());
      post.say("dropped a message from " + from + ": " + e.getMessage());
      unusable(from);
    }
  }

  private synchronized void unusable(WorkerId from) {
    unusable.add(from);
    progress();
  }

  private synchronized void keep(Arrived arrived) {
    Optional<Arrived> useless;
    if (!arrived.message().agreed()) {
      useless = Optional.ofNullable(replicas.put(arrived.from(), arrived));
    } else if (agreed.isEmpty()) {
      agreed = Optional.of(arrived);
      useless = Optional.empty();
    } else {
      useless = Optional.of(arrived);
    }
    useless.ifPresent(a -> inbox.consumed(a.bytes()));
    progress();
  }

  /** Somebody has the model that this worker has made. */
  public synchronized void taken(WorkerId by) {
    took.add(by);
    progress();
  }

  /** Somebody may have come or gone, or been sent more of a message. */
  public void changed() {
    progress();
  }

  /** This worker is to wait for nobody. */
  public synchronized void giveUp() {
    givenUp = true;
    notifyAll();
  }

  private synchronized void progress() {
    progressNanos = System.nanoTime();
    notifyAll();
  }

  // ---- what this worker does

  /**
   * Leaves the run's model in this worker's replica, which nobody else may use any more.
   *
   * @param rank of that replica, and who serves
   */
  public Agreement settle(ReplicaMerger merger, Rank rank) throws InterruptedException {
    Set<WorkerId> party = new TreeSet<>(post.present());
    party.add(self);
    progress();
    for (WorkerId maker = maker(party, rank); !maker.equals(self); maker = maker(party, rank)) {
      WorkerId asked = maker;
      send(asked, ModelMessage.encode(false, rank.precedence(), "", own));
      await(
          "for the run's model",
          () ->
              agreed.isPresent() || unusable.contains(asked) || !maker(party, rank).equals(asked)
                  ? Set.of()
                  : Set.of(asked));
      Optional<Arrived> model = agreed();
      if (model.isPresent()) {
        return adopt(model.get());
      }
      if (maker(party, rank).equals(asked)) {
        post.say("no model from " + asked + ": this worker keeps its own");
        merger.add(self, rank.precedence(), own.weights(), own.buffers());
        return new Agreement(merger.merge(), Optional.of(self));
      }
    }
    Optional<Arrived> before = agreed();
    return before.isPresent() ? adopt(before.get()) : make(party, merger, rank);
  }

  /**
   * Of those who were there when this worker ended and still are, the server, unless it leaves it
   * to this worker; else the least.
   */
  private synchronized WorkerId maker(Set<WorkerId> party, Rank rank) {
    Set<WorkerId> present = post.present();
    List<WorkerId> there =
        party.stream().filter(w -> w.equals(self) || present.contains(w)).toList();
    return rank.server()
        .filter(server -> there.contains(server) && !replicas.containsKey(server))
        .orElse(there.getFirst());
  }

  private synchronized Optional<Arrived> agreed() {
    return agreed;
  }

  /** Returns once nobody is missing, or this worker is not to wait any longer. */
  private synchronized void await(String what, Supplier<Set<WorkerId>> missing)
      throws InterruptedException {
    long begun = System.nanoTime();
    long left = PATIENCE_NANOS;
    boolean told = false;
    for (Set<WorkerId> whom = missing.get();
        !whom.isEmpty() && !givenUp && left > 0;
        whom = missing.get()) {
      long now = System.nanoTime();
      if (!told && now - begun >= QUIET_NANOS) {
        told = true;
        post.say(Phrase.of("has waited %s for %d s; missing: %s", what, QUIET_SECONDS, whom));
      }
      long quiet = told ? left : begun + QUIET_NANOS - now;
      wait(TimeUnit.NANOSECONDS.toMillis(Math.min(left, quiet)) + 1);
      left = progressNanos + PATIENCE_NANOS - System.nanoTime();
    }
  }

  private Agreement adopt(Arrived model) {
    own.weights().copyFrom(model.message().model().weights());
    own.buffers().copyFrom(model.message().model().buffers());
    post.confirm(model.from());
    return new Agreement(model.message().how(), Optional.of(model.from()));
  }

  private Agreement make(Set<WorkerId> party, ReplicaMerger merger, Rank rank)
      throws InterruptedException {
    Set<WorkerId> added = new TreeSet<>(Set.of(self));
    merger.add(self, rank.precedence(), own.weights(), own.buffers());
    for (Arrived next = nextReplica(party, added); next != null; next = nextReplica(party, added)) {
      merger.add(
          next.from(),
          next.message().precedence(),
          next.message().model().weights(),
          next.message().model().buffers());
      inbox.consumed(next.bytes());
      added.add(next.from());
    }
    String how = merger.merge();
    for (WorkerId silent : presentBut(added, party)) {
      post.say(silent + " has not sent its replica: the model is made without it");
    }
    Set<WorkerId> all = new TreeSet<>(party);
    all.addAll(added);
    Payload model = ModelMessage.encode(true, rank.precedence(), how, own);
    presentBut(Set.of(self), all).forEach(to -> send(to, model));
    taken(self);
    await("until all have the run's model", () -> presentBut(took, all));
    return new Agreement(how, Optional.of(self));
  }

  /** Waits for a replica; null where none is to be expected any more. */
  private @Nullable Arrived nextReplica(Set<WorkerId> party, Set<WorkerId> added)
      throws InterruptedException {
    await(
        "for replicas",
        () -> {
          replicas.keySet().removeAll(added);
          Set<WorkerId> missing = presentBut(added, party);
          missing.removeAll(unusable);
          return replicas.isEmpty() ? missing : Set.of();
        });
    synchronized (this) {
      Map.Entry<WorkerId, Arrived> next = replicas.pollFirstEntry();
      return next == null ? null : next.getValue();
    }
  }

  private Set<WorkerId> presentBut(Set<WorkerId> done, Set<WorkerId> all) {
    Set<WorkerId> left = new TreeSet<>(all);
    left.retainAll(post.present());
    left.removeAll(done);
    return left;
  }

  /** On a thread of its own: a peer that stands still must not hold up all others. */
  private void send(WorkerId to, Payload message) {
    var _ =
        Thread.startVirtualThread(() -> {
          try {
            post.send(to, message);
          } catch (Exception e) {
            post.say("the model did not reach " + to + ": " + e.getMessage());
          }
        });
  }
}
