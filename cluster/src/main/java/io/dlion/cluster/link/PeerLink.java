package io.dlion.cluster.link;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Priority;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directed link to one peer: gradients and weights wait in a queue each, and one thread sends
 * them part by part. While both wait, weights get their reserved share of the bytes and gradients
 * the rest. The node is told when a queue has run dry and the peer is not behind with what it was
 * sent, and what the link carries.
 *
 * <p>Safe for several threads; sending happens on the link's own.
 */
public final class PeerLink implements AutoCloseable {
  /** Bytes after which weights and gradients take turns, at most. */
  private static final int TURN_BYTES = 16 * 1024;

  /**
   * Messages of one priority that the peer may have received and not yet consumed when the next is
   * asked for.
   */
  private static final int UNCONSUMED_MAX = 1;

  private final WorkerId peer;
  private final Transport transport;
  private final Listener listener;
  private final Flow flow;
  private final double reservedShare;
  private final Thread thread;
  private final Map<Long, Message> unconsumed = new HashMap<>();
  private final Lane gradients = new Lane(Priority.GRADIENT);
  private final Lane weights = new Lane(Priority.WEIGHTS);
  private long messages;
  private double credit; // bytes that weights may send before it is the gradients' turn
  private boolean closed;

  /**
   * Between whom it is.
   *
   * @param from the sender
   * @param to the peer
   */
  public record Ends(WorkerId from, WorkerId to) {}

  /** Puts a part of a message on the network; blocks while the network takes no more. */
  @FunctionalInterface
  public interface Transport {
    void send(WorkerId peer, Piece piece, byte[] bytes, int length) throws Exception;
  }

  /**
   * Is told how the link does; called on the link's thread, or on that of who told it something.
   */
  public interface Listener {
    /** The lane can take another message. */
    void ready(WorkerId peer, Priority priority);

    /** The link was measured. */
    void measured(WorkerId peer, double bytesPerSecond);

    /** Sending failed: the peer is not reachable. */
    void failed(WorkerId peer, Throwable reason);
  }

  /** A message on its way. */
  private static final class Message {
    final long number;
    final Priority priority;
    final SharedPayload shared;
    int sent;
    long nanos;
    boolean consumed;

    Message(long number, Priority priority, SharedPayload shared) {
      this.number = number;
      this.priority = priority;
      this.shared = shared;
    }

    int length() {
      return shared.payload().length();
    }
  }

  /** The messages of one priority. */
  private static final class Lane {
    final Priority priority;
    final Deque<Message> queue = new ArrayDeque<>();
    int unconsumed;
    boolean owesReady;

    Lane(Priority priority) {
      this.priority = priority;
    }
  }

  /**
   * A link whose thread runs.
   *
   * @param firstMessage the number of its first message: not one that an earlier link to the same
   *     peer used, whose receipts may still be on their way
   */
  public PeerLink(
      Ends ends,
      Transport transport,
      Listener listener,
      Flow flow,
      double reservedShare,
      long firstMessage) {
    this.peer = ends.to();
    this.transport = transport;
    this.listener = listener;
    this.flow = flow;
    this.messages = firstMessage;
    this.reservedShare = reservedShare;
    this.thread = Thread.ofVirtual().name("dlion-" + ends.from() + "-to-" + peer).start(this::run);
  }

  /** Queues a message; the node keeps the queue short by its own rules. */
  public synchronized void enqueue(Priority priority, SharedPayload shared) {
    if (closed) {
      shared.release();
      return;
    }
    Lane lane = lane(priority);
    Message message = new Message(messages++, priority, shared);
    lane.queue.add(message);
    lane.unconsumed++;
    lane.owesReady = true;
    unconsumed.put(message.number, message);
    notifyAll();
  }

  private Lane lane(Priority priority) {
    return priority == Priority.WEIGHTS ? weights : gradients;
  }

  /**
   * The peer is done with a message. Numbers it was never sent, or has already consumed, are
   * ignored.
   */
  public void consumed(long number) {
    boolean ready = false;
    Lane lane;
    synchronized (this) {
      Message message = unconsumed.remove(number);
      if (message == null) {
        return;
      }
      message.consumed = true;
      lane = lane(message.priority);
      if (message.sent
          == message
              .length()) { // else the answer was faster than the return of the call that sent it
        ready = done(message, lane);
      }
    }
    measured();
    if (ready) {
      listener.ready(peer, lane.priority);
    }
  }

  /** The peer has taken in a message up to there. */
  public void received(Piece receipt) {
    flow.received(receipt);
  }

  /** What it carries; 0 where that is not known yet. */
  public double bytesPerSecond() {
    return flow.bytesPerSecond();
  }

  /** Whether everything was carried and consumed. */
  public synchronized boolean isIdle() {
    return unconsumed.isEmpty();
  }

  private void measured() {
    double bytesPerSecond = flow.bytesPerSecond();
    if (bytesPerSecond > 0) {
      listener.measured(peer, bytesPerSecond);
    }
  }

  /** A message was both sent and consumed; returns whether its lane has become ready. */
  private static boolean done(Message message, Lane lane) {
    message.shared.release();
    lane.unconsumed--;
    return becomesReady(lane);
  }

  private static boolean becomesReady(Lane lane) {
    boolean ready = lane.owesReady && lane.queue.isEmpty() && lane.unconsumed <= UNCONSUMED_MAX;
    lane.owesReady &= !ready;
    return ready;
  }

  private void run() {
    try {
      for (Message message = next(); message != null; message = next()) {
        long begun = System.nanoTime();
        int length = flow.partBytes(message.length() - message.sent);
        Piece part =
            new Piece(
                Piece.Kind.DATA, message.priority, message.number, message.length(), message.sent);
        flow.await(part, length);
        transport.send(peer, part, message.shared.payload().bytes(), length);
        message.nanos += System.nanoTime() - begun;
        sent(message, length);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception | Error e) {
      if (!isClosed()) {
        listener.failed(peer, e);
      }
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void sent(Message message, int length) {
    boolean ready = false;
    Lane lane = lane(message.priority);
    synchronized (this) {
      message.sent += length;
      if (closed || message.sent < message.length()) {
        return;
      }
      lane.queue.remove(message);
      ready = message.consumed ? done(message, lane) : becomesReady(lane);
    }
    flow.handedOver(message.length(), message.nanos);
    measured();
    if (ready) {
      listener.ready(peer, lane.priority);
    }
  }

  /** The message whose next part is to be sent; null when the link is closed. */
  private synchronized @Nullable Message next() throws InterruptedException {
    while (!closed && gradients.queue.isEmpty() && weights.queue.isEmpty()) {
      credit = 0;
      flow.idle();
      wait();
    }
    if (closed) {
      return null;
    }
    Message gradient = gradients.queue.peek();
    Message weight = weights.queue.peek();
    if (gradient == null || weight == null) {
      return gradient != null ? gradient : weight;
    }
    boolean weightsTurn = credit >= 0;
    int part =
        Math.min(
            TURN_BYTES,
            weightsTurn ? weight.length() - weight.sent : gradient.length() - gradient.sent);
    credit += weightsTurn ? -part * (1 - reservedShare) : part * reservedShare;
    return weightsTurn ? weight : gradient;
  }

  @Override
  public synchronized void close() {
    closed = true;
    unconsumed.clear(); // their arrays may still be read by the peer: they are left to the garbage
    // collector
    gradients.queue.clear();
    weights.queue.clear();
    thread.interrupt();
    notifyAll();
  }
}
