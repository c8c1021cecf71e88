package io.dlion.emulator.check;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.core.topology.Topology;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.WeightsMessage;
import io.dlion.emulator.check.witness.Witnessed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a node can know, gathered from what it was told and what it said, by other code than its
 * own. One for each life of a worker.
 */
final class View extends Witnessed {
  /** Who takes part, as far as it was told. */
  final SortedMap<WorkerId, Peer> peers = new TreeMap<>();

  /** Those of them that gradients are exchanged with. */
  private SortedMap<WorkerId, Peer> neighbours = new TreeMap<>();

  private final Topology topology;

  /** Pairs without a direct line, as far as it was told. */
  private Set<WorkerPair> relayed = Set.of();

  /** The newest iteration in which a gradient of somebody who has gone may still be applied. */
  long owed = -1;

  /** Who is there and has not said yet how far it is. */
  final SortedMap<WorkerId, Peer> guests = new TreeMap<>();

  /** How often those who take part have changed. */
  int changes;

  /** How often somebody has said what a step costs it. */
  int costs;

  /** Whether it has computed a gradient of the iteration under way. */
  private boolean hasComputed;

  /** When it was last told something, and when before that at another time. */
  private long nowNanos;

  long beforeNanos;

  /** Whom it may begin to count on with what it is told just now. */
  private @Nullable Peer admitted;

  /** How far each has said it is. */
  private final Map<WorkerId, Long> said = new HashMap<>();

  private long offered;
  private boolean hasGreeted;

  /** Whose answer it waits for before it begins: those who had said how far they are. */
  private final Set<WorkerId> awaited = new HashSet<>();

  private boolean hasBegun;

  /** The weights that peers have given it and it is not done with. */
  final Map<WorkerId, WeightsMessage> weights = new HashMap<>();

  /** Whose weights it is done with. */
  private final Set<WorkerId> taken = new HashSet<>();

  /** The last gradient message it was given, if that was a sound one. */
  Gradients.@Nullable Decoded gradient;

  /** Whether that message is the newest of a peer that takes part. */
  boolean fresh;

  Control.@Nullable Cost cost;
  private final Gradients gradients;
  private final Set<WorkerId> departed = new HashSet<>();

  /** What it knows of a peer. */
  static final class Peer {
    /** Newest iteration whose gradient has arrived; -1 before the first. */
    long arrived = -1;

    /** Newest iteration whose gradient had arrived before it was the neighbour it is. */
    long arrivedBefore = -1;

    /** Newest iteration that it need not wait for. */
    long settled;

    /** Newest iteration whose updates it has announced ahead; -1 before the first. */
    long announced = -1;

    /** Newest token. */
    long token;

    Control.@Nullable Cost cost;

    Peer(long settled) {
      this.settled = settled;
      this.token = settled + 1;
    }
  }

  View(
      WorkerId id,
      Node node,
      Replica replica,
      long iteration,
      long bornNanos,
      Gradients gradients,
      Topology topology) {
    super(id, node, replica, iteration, bornNanos);
    this.gradients = gradients;
    this.topology = topology;
    this.offered = iteration - 1;
  }

  @Override
  protected void told(Event event) {
    super.told(event);
    beforeNanos = event.nowNanos() > nowNanos ? nowNanos : beforeNanos;
    nowNanos = event.nowNanos();
    gradient = null;
    fresh = false;
    weights.keySet().removeAll(taken);
    taken.clear();
    admitted = null;
    switch (event) {
      case Event.Started e -> {
        e.members().stream()
            .filter(m -> !m.equals(id))
            .forEach(m -> peers.put(m, new Peer(iteration - 1)));
        derive();
      }
      case Event.Joined e ->
          e.members().stream().filter(m -> !m.equals(id)).forEach(m -> guests.put(m, new Peer(-1)));
      case Event.MembersChanged e -> members(e.members());
      case Event.PathsChanged e -> {
        if (!relayed.equals(e.relayed())) {
          relayed = e.relayed();
          derive();
        }
      }
      case Event.Received e -> received(e.from(), e.payload());
      case Event.Computed _ -> hasComputed = true;
      default -> {}
    }
  }

  private void members(Set<WorkerId> members) {
    peers.forEach((id, peer) -> {
      if (!members.contains(id)) {
        owed = Math.max(owed, peer.settled);
      }
    });
    if (peers.keySet().retainAll(members)) {
      derive();
    }
    guests.keySet().retainAll(members);
    awaited.retainAll(members);
    beginIfAllAnswered();
    departed.retainAll(members);
    for (WorkerId member : members) {
      if (!member.equals(id) && !peers.containsKey(member) && !departed.contains(member)) {
        guests.computeIfAbsent(member, _ -> new Peer(-1));
      }
    }
  }

  private void received(WorkerId from, Payload payload) {
    Peer peer = peers.getOrDefault(from, guests.get(from));
    ParameterLayout layout = replica.layout();
    if (peer != null) {
      try {
        MessageType type = Frame.open(payload, layout.fingerprint());
        switch (type) {
          case GRADIENT -> gradient(from, peer, gradients.decode(payload, layout));
          case WEIGHTS ->
              weights.merge(
                  from,
                  WeightsMessage.parse(payload, layout, replica.bufferLayout()),
                  (before, now) -> before.round() == now.round() ? before : now);
          case COMMIT, MODEL, PROBE -> {} // of the other family
          default -> control(from, peer, Control.parse(payload, type));
        }
      } catch (MalformedMessageException e) {
        // The node must see that as well.
      }
    }
  }

  private void gradient(WorkerId from, Peer peer, Gradients.Decoded message) {
    if (guests.containsKey(from)) {
      return; // it was not told where this one begins
    }
    gradient = message;
    fresh = message.iteration() > peer.arrived;
    arrived(from, peer, message.iteration());
  }

  /** A peer has come so far. */
  private void arrived(WorkerId from, Peer peer, long newest) {
    if (!guests.containsKey(from)) {
      peer.arrived = Math.max(peer.arrived, newest);
      peer.settled = Math.max(peer.settled, newest);
    }
  }

  private void control(WorkerId from, Peer peer, Control control) {
    switch (control) {
      case Control.Cost c -> {
        peer.cost = c;
        costs++;
      }
      case Control.Token c -> peer.token = Math.max(peer.token, c.iteration());
      case Control.Barrier c -> peer.announced = Math.max(peer.announced, c.iteration());
      case Control.Status c -> status(from, peer, c);
      case Control.Progress c -> arrived(from, peer, c.iteration());
      case Control.Goodbye _ -> {
        departed.add(from);
        if (peers.remove(from) != null) {
          owed = Math.max(owed, peer.settled);
          derive();
        }
        guests.remove(from);
        awaited.remove(from);
        beginIfAllAnswered();
      }
      default -> {}
    }
  }

  /**
   * A peer that takes part is known to have nothing more to send; a guest takes part from now on.
   */
  private void status(WorkerId from, Peer peer, Control.Status status) {
    said.put(from, status.sent());
    if (guests.containsKey(from)) {
      if (!isFetching()) {
        guests.remove(from);
        awaited.remove(from);
        admitted = new Peer(Math.max(status.sent(), offered));
        admitted.cost = peer.cost;
        peers.put(from, admitted);
        derive();
        beginIfAllAnswered();
      }
    } else {
      peer.settled = Math.max(peer.settled, status.sent());
    }
  }

  private void beginIfAllAnswered() {
    if (comesLate && hasGreeted && !hasBegun && awaited.isEmpty()) {
      begin();
      neighbours
          .keySet()
          .forEach(n -> iteration = Math.max(iteration, said.getOrDefault(n, -1L) + 1));
    }
  }

  /** It trains from now on. */
  private void begin() {
    hasBegun = true;
    derive();
  }

  /** The peers that gradients are exchanged with. */
  SortedMap<WorkerId, Peer> neighbours() {
    return neighbours;
  }

  /** Who takes part has changed: of a new neighbour nothing is expected from before. */
  private void derive() {
    changes++;
    if (comesLate && !hasBegun) {
      return;
    }
    SortedSet<WorkerId> members = new TreeSet<>(peers.keySet());
    members.add(id);
    Set<WorkerId> before = neighbours.keySet();
    Set<WorkerId> now = new HashSet<>();
    topology.neighbours(id, members, relayed).values().forEach(now::addAll);
    neighbours = new TreeMap<>(peers);
    neighbours.keySet().retainAll(now);
    neighbours.forEach((worker, peer) -> {
      if (!before.contains(worker)) {
        peer.arrivedBefore = peer.arrived;
        peer.settled = Math.max(peer.settled, iteration - 1);
        peer.token = Math.max(peer.token, peer.settled + 1);
      }
    });
  }

  /** Whom it waits for as a late comer: for weights, or for an answer. */
  Set<WorkerId> awaited() {
    return isFetching() ? guests.keySet() : awaited;
  }

  /** Whether it has come late and told nobody yet that it takes part. */
  boolean isFetching() {
    return comesLate && !hasGreeted;
  }

  @Override
  protected void answered(Action action) {
    super.answered(action);
    switch (action) {
      case Action.Send a when Frame.isOf(MessageType.COST, a.payload()) -> announced(a);
      case Action.Send a when Frame.isOf(MessageType.STATUS, a.payload()) -> greeted(a);
      case Action.Tell(Report.Transfer r) -> {
        taken.add(r.from());
        WeightsMessage of = weights.get(r.from());
        if (r.round() == 0 && comesLate && !hasBegun && of != null) {
          iteration = Math.max(iteration, of.iteration());
          offered = Math.max(offered, of.iteration() - 1);
        }
      }
      case Action.Tell(Report.Sent r) -> reached(r.iteration());
      case Action.Tell(Report.Iteration r) -> {
        reached(r.iteration());
        iteration = r.iteration() + 1;
        hasComputed = false;
      }
      default -> {}
    }
  }

  private void reached(long number) {
    if (comesLate && !hasBegun) { // not all have answered
      begin();
    }
    iteration = Math.max(iteration, number);
    offered = Math.max(offered, number);
  }

  private void announced(Action.Send a) {
    cost = (Control.Cost) parse(a, MessageType.COST);
    costs++;
  }

  /** Whom it tells in return how far it is begins after that. */
  private void greeted(Action.Send a) {
    if (comesLate && !hasGreeted) {
      boolean heardOfNone = guests.keySet().stream().noneMatch(said::containsKey);
      guests.keySet().stream()
          .filter(id -> heardOfNone || said.containsKey(id))
          .forEach(awaited::add);
    }
    hasGreeted = true;
    Control.Status own = (Control.Status) parse(a, MessageType.STATUS);
    if (own.sent() >= (hasComputed ? iteration + 1 : iteration)) {
      // it leaves iterations out, to be where the others are
      iteration = own.sent() + 1;
    }
    if (admitted != null && peers.get(a.to()) == admitted) {
      admitted.settled = Math.max(admitted.settled, own.sent());
      admitted = null;
    }
  }

  @Override
  protected int others() {
    return peers.size();
  }

  private Control parse(Action.Send a, MessageType type) {
    try {
      return Control.parse(a.payload(), type);
    } catch (MalformedMessageException e) {
      throw new IllegalStateException(id + " sends what nobody can read", e);
    }
  }
}
