package io.dlion.cluster.begin;

import io.dlion.cluster.group.Hello;
import io.dlion.cluster.link.BufferPool;
import io.dlion.cluster.link.Inbox;
import io.dlion.cluster.link.Piece;
import io.dlion.core.WorkerId;
import io.dlion.core.wire.Payload;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets all workers that begin a run begin with the same weights: those of the one that has been
 * there longest, who decides who begins. A worker whose own are others asks it for them, and tells
 * their hash in its hello once it has them. Where all hashes are equal nothing is sent. Safe for
 * several threads.
 */
public final class Takeover {
  /** After so long without a part of them the weights are asked for again. */
  public static final long PATIENCE_NANOS = 10_000_000_000L;

  private final Post post;
  private final Inbox inbox;
  private InitialWeights weights; // guarded by this
  private @Nullable Hello source; // guarded by this
  private long progressNanos; // guarded by this
  private boolean taken; // guarded by this

  /** The way to the others; must not wait. */
  public interface Post {
    /** Asks a member for its weights. */
    void ask(WorkerId member);

    void send(WorkerId to, Payload weights);

    /** This worker begins with these now, which are those of a member. */
    void took(InitialWeights weights, WorkerId from);

    /** Tells people. */
    void say(String text);
  }

  /**
   * Nothing is asked for yet.
   *
   * @param own what this worker would begin with
   */
  public Takeover(InitialWeights own, Post post) {
    this.weights = own;
    this.post = post;
    this.inbox = new Inbox(new BufferPool(), own.bytes().length);
  }

  /**
   * Whose weights a worker has to take over before it can begin with the others; empty where it
   * begins with its own, or comes to a run or from a checkpoint.
   *
   * @param members in the order of coming
   */
  public static Optional<Hello> source(Hello own, List<Hello> members) {
    boolean allNew =
        own.iteration() == 0
            && members.stream().allMatch(m -> m.start().isEmpty() && m.iteration() == 0);
    return members.stream()
        .findFirst()
        .filter(first -> allNew && first.weights() != own.weights())
        .filter(first -> first.weights() != 0 && own.weights() != 0);
  }

  /** Asks for the weights of this member, if that is due and they have not come already. */
  public synchronized void from(Optional<Hello> member, long nowNanos) {
    if (member.isEmpty() || member.get().weights() == weights.hash()) {
      source = null;
      return;
    }
    boolean another = source == null || !source.incarnation().equals(member.get().incarnation());
    source = member.get();
    if (another || nowNanos - progressNanos >= PATIENCE_NANOS) {
      progressNanos = nowNanos;
      post.ask(source.name());
    }
  }

  /** A part of weights has come. */
  public synchronized void arrived(
      WorkerId from, Piece piece, byte[] bytes, int offset, int length) {
    Hello asked = source;
    if (asked == null || !asked.name().equals(from)) {
      return;
    }
    progressNanos = System.nanoTime();
    Optional<Payload> whole = inbox.add(from, piece, bytes, offset, length);
    if (whole.isEmpty()) {
      return;
    }
    InitialWeights come = InitialWeights.of(whole.get().bytes(), whole.get().length());
    inbox.consumed(whole.get());
    if (come.hash() == asked.weights()) {
      weights = come;
      taken = true;
      source = null;
      post.took(come, from);
    }
  }

  /** A member asks for the weights of this worker. */
  public void wanted(WorkerId by) {
    byte[] bytes = weights().bytes();
    post.say(by + " would begin with other weights: it takes over those of this worker");
    post.send(by, new Payload(bytes, bytes.length));
  }

  /** What this worker begins with as far as is known: its own, or those it has taken over. */
  public synchronized InitialWeights weights() {
    return weights;
  }

  /** The weights of a member, if this worker is to begin with such. */
  public synchronized Optional<InitialWeights> taken() {
    return taken ? Optional.of(weights) : Optional.empty();
  }
}
