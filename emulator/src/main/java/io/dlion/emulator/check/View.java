package io.dlion.emulator.check;

import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a node can know, gathered from what it was told and what it said, by other code than its own.
 * One for each life of a worker.
 */
final class View {
  final WorkerId id;
  final Replica replica;
  final long bornNanos;

  /** Who takes part, as far as it was told. */
  final SortedMap<WorkerId, Peer> peers = new TreeMap<>();

  /** Iteration under way: the one after the last that it reported. */
  long iteration;

  boolean started;
  boolean computing;
  boolean finished;

  /** Whether its memory was taken over from a checkpoint or from a peer. */
  boolean takenOver;

  /** The last gradient message it was given, if that was a sound one. */
  @Nullable GradientMessage gradient;

  /** Whether that message is the newest of a peer that takes part. */
  boolean fresh;

  Control.@Nullable Cost cost;
  private final Set<WorkerId> departed = new HashSet<>();

  /** What it knows of a peer. */
  static final class Peer {
    /** Newest iteration whose gradient has arrived; -1 before the first. */
    long arrived = -1;

    /** Newest iteration that it need not wait for. */
    long settled;

    /** Newest token. */
    long token;

    Control.@Nullable Cost cost;

    Peer(long settled) {
      this.settled = settled;
      this.token = settled + 1;
    }
  }

  View(WorkerId id, Replica replica, long bornNanos) {
    this.id = id;
    this.replica = replica;
    this.bornNanos = bornNanos;
  }

  /** An event is about to be given to the node. */
  void told(Event event) {
    gradient = null;
    fresh = false;
    switch (event) {
      case Event.Started e -> {
        started = true;
        e.members().stream().filter(m -> !m.equals(id)).forEach(this::add);
      }
      case Event.MembersChanged e -> members(e.members());
      case Event.Received e -> received(e.from(), e.payload());
      case Event.Computed _ -> computing = false;
      default -> {}
    }
  }

  private void add(WorkerId peer) {
    peers.put(peer, new Peer(iteration - 1));
  }

  private void members(Set<WorkerId> members) {
    peers.keySet().retainAll(members);
    departed.retainAll(members);
    for (WorkerId member : members) {
      if (!member.equals(id) && !peers.containsKey(member) && !departed.contains(member)) {
        add(member);
      }
    }
  }

  private void received(WorkerId from, Payload payload) {
    Peer peer = peers.get(from);
    ParameterLayout layout = replica.layout();
    if (peer != null) {
      try {
        MessageType type = Frame.open(payload, layout.fingerprint());
        switch (type) {
          case GRADIENT -> gradient(peer, GradientMessage.parse(payload, layout));
          case WEIGHTS -> {}
          default -> control(from, peer, Control.parse(payload, type));
        }
      } catch (MalformedMessageException e) {
        // The node must see that as well.
      }
    }
  }

  private void gradient(Peer peer, GradientMessage message) {
    long newest = message.header().iteration();
    gradient = message;
    fresh = newest > peer.arrived;
    peer.arrived = Math.max(peer.arrived, newest);
    peer.settled = Math.max(peer.settled, newest);
  }

  private void control(WorkerId from, Peer peer, Control control) {
    switch (control) {
      case Control.Cost c -> peer.cost = c;
      case Control.Token c -> peer.token = Math.max(peer.token, c.iteration());
      case Control.Goodbye _ -> {
        departed.add(from);
        peers.remove(from);
      }
      default -> {}
    }
  }

  /** The node has answered. */
  void answered(Action action) {
    switch (action) {
      case Action.Compute _ -> computing = true;
      case Action.Finish _ -> finished = true;
      case Action.Send a when a.payload().bytes()[3] == MessageType.COST.ordinal() -> announced(a);
      case Action.Tell(Report.Iteration r) -> iteration = r.iteration() + 1;
      default -> {}
    }
  }

  private void announced(Action.Send a) {
    try {
      cost = (Control.Cost) Control.parse(a.payload(), MessageType.COST);
    } catch (MalformedMessageException e) {
      throw new IllegalStateException(id + " sends what nobody can read", e);
    }
  }
}
