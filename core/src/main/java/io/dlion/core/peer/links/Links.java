package io.dlion.core.peer.links;

import io.dlion.core.WorkerId;
import io.dlion.core.exchange.Exchange;
import io.dlion.core.exchange.LinkRule;
import io.dlion.core.exchange.Outgoing;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.Priority;
import io.dlion.core.peer.roster.Peer;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.peer.roster.Tally;
import io.dlion.core.report.Report;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.HeaderExtension;
import io.dlion.core.wire.HeaderExtension.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts on each link what it can carry of a worker's gradients (HPDC '21, section 3.3). Confined to
 * its node.
 */
public final class Links {
  /** What is sent over a link that has not been measured yet: enough to measure it. */
  private static final long FIRST_BUDGET_BYTES = 64 * 1024;

  private final Rules rules;
  private final Function<String, Exchange> exchangeOf;
  private final Buffers buffers;
  private final Roster roster;
  private final Tally tally;
  private final Outbox outbox;
  private final Map<WorkerId, LinkState> states = new HashMap<>();

  /** One exchange for each group of neighbours. */
  private final SortedMap<String, Exchange> exchanges = new TreeMap<>();

  /** Samples of others that each group has been told of. */
  private final Map<String, Long> relayedSamples = new HashMap<>();

  private final Ages ages = new Ages();
  private long bytesSent;

  /** What gradients may use of each link, however much it carries. */
  private double limitBytesPerSecond = Double.POSITIVE_INFINITY;

  /**
   * How links are used.
   *
   * @param link how much of a link is used for what
   * @param gathering how long a link gathers before it is given a message
   * @param announcesDelays whether peers are told ahead of gradients that take longer than an
   *     iteration
   * @param wholeBytes of a gradient with all its entries
   */
  public record Rules(
      LinkRule link, LinkRule.Gathering gathering, boolean announcesDelays, long wholeBytes) {}

  /** What is known of the link to a peer. */
  private static final class LinkState {
    /** The group of neighbours it belongs to; null where gradients are not exchanged. */
    @Nullable String group;

    /** Goodput; 0 before the first measurement. */
    double bytesPerSecond;

    /** Whether it can take a gradient, as far as the network goes. */
    boolean ready = true;

    /** Before that it is to take none, so as to carry no more than gradients may use of it. */
    long restsUntilNanos = Long.MIN_VALUE;

    boolean takesAt(long nowNanos) {
      return ready && nowNanos >= restsUntilNanos;
    }

    /** Whether weights are under way on it. */
    boolean carriesWeights;

    /** Newest iteration of which the peer was sent a gradient, or need not expect one. */
    long sent = -1;

    /** Newest iteration of which the peer was not sent a gradient on purpose; -1 if none. */
    long leftOut = -1;
  }

  /**
   * No links so far.
   *
   * @param exchangeOf makes the exchange of a group of neighbours
   * @param buffers where the arrays of messages come from
   */
  public Links(
      Rules rules,
      Function<String, Exchange> exchangeOf,
      Buffers buffers,
      Roster roster,
      Tally tally,
      Outbox outbox) {
    this.rules = rules;
    this.exchangeOf = exchangeOf;
    this.buffers = buffers;
    this.roster = roster;
    this.tally = tally;
    this.outbox = outbox;
  }

  private LinkState to(WorkerId peer) {
    return states.computeIfAbsent(peer, p -> new LinkState());
  }

  // ---- gradients out

  /** A gradient was computed: sends of it what the links that are ready can carry. */
  public void offer(Contribution own) {
    exchanges.forEach((group, exchange) -> {
      Map<WorkerId, Long> budgets = new TreeMap<>();
      for (Peer peer : roster.neighbours()) {
        LinkState link = to(peer.id());
        if (group.equals(link.group) && (link.takesAt(outbox.now()) || exchange.queues())) {
          budgets.put(peer.id(), budgetBytes(link));
        }
      }
      Exchange.Progress progress =
          new Exchange.Progress(
              tally.iteration(),
              tally.iterationSamples(),
              tally.samples() + relayedSamples.getOrDefault(group, 0L),
              own.scale(),
              own.noiseScale(),
              own.weight(),
              extension(own, group));
      exchange.computed(own.gradient(), progress, budgets, buffers).forEach(this::send);
    });
  }

  private HeaderExtension extension(Contribution own, String group) {
    OptionalDouble age = ages.of(group, tally.samples(), outbox.now());
    return age.isPresent() ? own.extension().with(Kind.AGE, age.getAsDouble()) : own.extension();
  }

  /** The run is over: sends what peers would miss for good. */
  public void finish() {
    for (Peer peer : roster.neighbours()) {
      String group = to(peer.id()).group;
      Exchange exchange = group == null ? null : exchanges.get(group);
      if (exchange != null) {
        exchange.rest(peer.id(), buffers).ifPresent(message -> send(peer.id(), message));
      }
    }
  }

  private void send(WorkerId peer, Outgoing message) {
    LinkState link = to(peer);
    link.ready = false;
    link.restsUntilNanos = restsUntilNanos(message.payload().length());
    link.sent = Math.max(link.sent, message.iteration());
    bytesSent += message.payload().length();
    if (rules.announcesDelays() && takesLongerThanAnIteration(link, message)) {
      outbox.send(peer, new Control.Barrier(message.iteration()));
    }
    outbox.send(peer, message.payload(), Priority.GRADIENT);
    outbox.tell(
        new Report.Sent(
            outbox.self(),
            outbox.now(),
            peer,
            message.iteration(),
            message.n(),
            message.share(),
            message.payload().length(),
            link.bytesPerSecond == 0 ? 0 : budgetBytes(link),
            link.bytesPerSecond));
  }

  /** As long as a link with that limit would be busy with so many bytes. */
  private long restsUntilNanos(int bytes) {
    return Double.isInfinite(limitBytesPerSecond)
        ? Long.MIN_VALUE
        : outbox.now() + (long) (bytes / limitBytesPerSecond * 1e9);
  }

  private boolean takesLongerThanAnIteration(LinkState link, Outgoing message) {
    return link.bytesPerSecond > 0
        && message.payload().length() > link.bytesPerSecond * tally.stepSeconds();
  }

  /**
   * Transmission speed assurance (HPDC '21, section 3.3): what the link carries while this worker
   * computes once, or as many times as a thin link gathers for a message; less where the processor
   * has no time for more.
   */
  private long budgetBytes(LinkState link) {
    if (link.bytesPerSecond == 0) {
      return FIRST_BUDGET_BYTES;
    }
    double free = link.carriesWeights ? 1 - rules.link().reservedShare() : 1;
    double rate = Math.min(link.bytesPerSecond, limitBytesPerSecond);
    double bytes = rate * tally.stepSeconds() * rules.link().budgetShare() * free;
    return (long) (bytes * rules.gathering().iterations(bytes));
  }

  /** A peer's gradient was applied: counts its samples, and relays it to the other groups. */
  public void applied(WorkerId from, GradientMessage message) {
    long samples = roster.applied(from, message.header().samples());
    String group = roster.find(from) == null ? null : to(from).group;
    if (group != null) {
      if (exchanges.size() > 1) {
        ages.arrived(from, group, message.header(), outbox.now(), seconds(from, message));
      }
      exchanges.forEach((other, exchange) -> {
        if (!other.equals(group)) {
          exchange.relay(message);
          relayedSamples.merge(other, samples, Long::sum);
        }
      });
    }
  }

  // ---- what the runtime tells of links

  /**
   * What gradients may use of each link, however much it carries; infinity: all of it. A link with
   * a limit is used like one that carries no more: messages are as large, and as rare.
   *
   * @param sends whether gradients are still sent
   */
  public void limit(double bytesPerSecond, boolean sends) {
    limitBytesPerSecond = bytesPerSecond;
    if (Double.isFinite(bytesPerSecond)) {
      return;
    }
    for (Peer peer : roster.neighbours()) {
      LinkState link = to(peer.id());
      link.restsUntilNanos = Long.MIN_VALUE;
      if (sends) {
        take(peer.id(), link);
      }
    }
  }

  /** A link was measured. */
  public void measured(WorkerId peer, double bytesPerSecond) {
    to(peer).bytesPerSecond = bytesPerSecond;
  }

  /**
   * A link has carried the last message of a priority, and can take another.
   *
   * @param sends whether gradients are still sent
   */
  public void ready(WorkerId peer, Priority priority, boolean sends) {
    LinkState link = to(peer);
    if (priority == Priority.WEIGHTS) {
      link.carriesWeights = false;
    } else if (priority == Priority.GRADIENT) {
      link.ready = true;
      if (sends) {
        take(peer, link);
      }
    }
  }

  /** Sends what has gathered for a link, if it can take something. */
  private void take(WorkerId peer, LinkState link) {
    Exchange exchange = link.group == null ? null : exchanges.get(link.group);
    if (exchange != null && link.takesAt(outbox.now())) {
      exchange.take(peer, budgetBytes(link), buffers).ifPresent(message -> send(peer, message));
    }
  }

  /** How long the link from a peer has taken for a gradient; 0 where that is unknown. */
  public double seconds(WorkerId peer, GradientMessage message) {
    double rate = to(peer).bytesPerSecond;
    return rate == 0 ? 0 : message.payload().length() / rate;
  }

  /**
   * What part of the model a link carries while this worker computes once: the middle one of those
   * that have been measured; empty where none has.
   */
  public OptionalDouble carriedShare() {
    double[] shares =
        states.values().stream()
            .filter(link -> link.group != null && link.bytesPerSecond > 0)
            .mapToDouble(link -> link.bytesPerSecond * tally.stepSeconds() / rules.wholeBytes())
            .sorted()
            .toArray();
    return shares.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(shares[shares.length / 2]);
  }

  /** Reserves a link for weights; false if it carries some already. */
  public boolean reserveForWeights(WorkerId peer) {
    boolean free = !to(peer).carriesWeights;
    to(peer).carriesWeights = true;
    return free;
  }

  // ---- who is at the other end

  /** These groups of neighbours there are from now on. */
  public void groups(Set<String> groups) {
    exchanges.keySet().retainAll(groups);
    groups.forEach(group -> exchanges.computeIfAbsent(group, exchangeOf));
  }

  /** The group of neighbours in which gradients are exchanged with a peer, if they are. */
  public @Nullable String groupOf(WorkerId peer) {
    return to(peer).group;
  }

  /** Gradients are exchanged with a peer of a group from now on. */
  public void open(WorkerId peer, String group) {
    to(peer).group = group;
    Exchange exchange = exchanges.get(group);
    if (exchange != null) {
      exchange.open(peer);
    }
  }

  /** Gradients are exchanged with a peer no longer. */
  public void close(WorkerId peer) {
    LinkState link = to(peer);
    Exchange exchange = link.group == null ? null : exchanges.get(link.group);
    if (exchange != null) {
      exchange.close(peer);
    }
    ages.closed(peer);
    link.group = null;
  }

  /** A peer has gone. */
  public void gone(WorkerId peer) {
    close(peer);
    states.remove(peer);
  }

  // ---- what peers need not expect

  /** Up to an iteration a peer need not expect gradients of this worker. */
  public void leaveOut(WorkerId peer, long upTo) {
    to(peer).sent = upTo;
    to(peer).leftOut = upTo;
  }

  /** Newest iteration of which a peer was sent a gradient, or need not expect one. */
  public long sent(WorkerId peer) {
    return to(peer).sent;
  }

  /** Newest iteration of which a peer was not sent a gradient on purpose; -1 if none. */
  public long leftOut(WorkerId peer) {
    return to(peer).leftOut;
  }

  /** Adds what has been counted to a saved state. */
  public void save(Map<String, String> state) {
    state.put("bytes-sent", Long.toString(bytesSent));
  }

  /** Resumes with saved counts. */
  public void restore(Map<String, String> state) {
    bytesSent = Long.parseLong(state.getOrDefault("bytes-sent", "0"));
  }
}
