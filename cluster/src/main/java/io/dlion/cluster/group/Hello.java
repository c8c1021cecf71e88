package io.dlion.cluster.group;

import io.dlion.core.WorkerId;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * How a member of the group introduces itself to each other one: it says who is behind an address,
 * and whether the two can train together. Immutable.
 *
 * @param role what it is there for
 * @param identity who it is
 * @param job what must be the same for all that train together, by name
 * @param data what it trains on
 * @param state where it is
 * @param meeting what concerns sender and receiver only
 */
public record Hello(
    Role role,
    Identity identity,
    Map<String, String> job,
    Data data,
    State state,
    Meeting meeting) {
  private static final int DIFFERENCES_MAX = 3;

  /** What a member of the group is there for. */
  public enum Role {
    /** Trains. */
    WORKER,
    /** Looks on. */
    OBSERVER
  }

  /**
   * Who a member is.
   *
   * @param name of the worker
   * @param site its micro-cloud
   * @param incarnation this process, as opposed to one of the same name before or after it; the
   *     address of its control channel
   * @param bulk the address of its bulk channel
   */
  public record Identity(WorkerId name, String site, UUID incarnation, UUID bulk) {}

  /**
   * A worker's data.
   *
   * @param encoding what the run has agreed on, before that what it would be alone
   * @param examples of its shard
   */
  public record Data(String encoding, long examples) {}

  /**
   * Where a worker is.
   *
   * @param iteration where it would go on; 0 for a new worker
   * @param weights hash of what it begins with; 0 where that is not compared
   * @param start the run it takes part in; empty while it waits for one
   * @param elapsedNanos how long that run has taken, or had when its checkpoint was made
   * @param relayed whom it reaches through others only
   */
  public record State(
      long iteration,
      long weights,
      Optional<Start> start,
      long elapsedNanos,
      Set<WorkerId> relayed) {
    /** Copies the set. */
    public State {
      relayed = Set.copyOf(relayed);
    }

    /** Of a worker that reaches everybody directly. */
    public State(long iteration, long weights, Optional<Start> start, long elapsedNanos) {
      this(iteration, weights, start, elapsedNanos, Set.of());
    }
  }

  /**
   * What concerns sender and receiver only.
   *
   * @param encounter how many times the sender has met the receiver; another number than before
   *     says that it had lost sight of it, and with it of messages
   * @param asks whether the sender does not know the receiver yet
   */
  public record Meeting(int encounter, boolean asks) {
    /** Of a worker that has met nobody. */
    public static final Meeting NONE = new Meeting(0, true);
  }

  /** Copies the job. */
  public Hello {
    job = Collections.unmodifiableMap(new TreeMap<>(job));
  }

  /** The same for one receiver. */
  Hello to(int encounter, boolean asks) {
    return new Hello(role, identity, job, data, state, new Meeting(encounter, asks));
  }

  /** The same of a worker that begins with other weights. */
  public Hello beginningWith(long hash) {
    State now = new State(iteration(), hash, start(), elapsedNanos(), state.relayed);
    return new Hello(role, identity, job, data, now, meeting);
  }

  /** The same of a worker that takes part in a run, in which data is encoded so. */
  public Hello training(Start run, String agreed, long nanos) {
    State now = new State(iteration(), weights(), Optional.of(run), nanos, state.relayed);
    return new Hello(role, identity, job, new Data(agreed, examples()), now, meeting);
  }

  /** The same of a worker that reaches these through others only. */
  public Hello relaying(Set<WorkerId> peers) {
    State now = new State(iteration(), weights(), start(), elapsedNanos(), peers);
    return new Hello(role, identity, job, data, now, meeting);
  }

  /** Whom it reaches through others only. */
  public Set<WorkerId> relayed() {
    return state.relayed();
  }

  /** Name of the worker. */
  public WorkerId name() {
    return identity.name();
  }

  /** Its process, which is the address of its control channel. */
  public UUID incarnation() {
    return identity.incarnation();
  }

  /** The address of its bulk channel. */
  public UUID bulk() {
    return identity.bulk();
  }

  /** The encoding of its data. */
  public String encoding() {
    return data.encoding();
  }

  /** Examples of its shard. */
  public long examples() {
    return data.examples();
  }

  /** Where it would go on; 0 for a new worker. */
  public long iteration() {
    return state.iteration();
  }

  /** Hash of the weights that it begins with; 0 where that is not compared. */
  public long weights() {
    return state.weights();
  }

  /** The run it takes part in; empty while it waits for one. */
  public Optional<Start> start() {
    return state.start();
  }

  /** How long that run has taken, or had when its checkpoint was made. */
  public long elapsedNanos() {
    return state.elapsedNanos();
  }

  /** What it says of its data; a run or a checkpoint fixes the encoding. */
  public Encodings.Offer offer() {
    return new Encodings.Offer(encoding(), start().isPresent() || iteration() > 0, examples());
  }

  /** What keeps another worker from training with this one; empty if nothing does. */
  Optional<String> objectionTo(Hello other) {
    TreeMap<String, String> all = new TreeMap<>(job);
    all.putAll(other.job);
    StringBuilder text = new StringBuilder();
    int differences = 0;
    for (String key : all.keySet()) {
      String here = job.getOrDefault(key, "nothing");
      String there = other.job.getOrDefault(key, "nothing");
      if (!here.equals(there) && differences++ < DIFFERENCES_MAX) {
        text.append(text.isEmpty() ? "" : "; ")
            .append(key)
            .append(" is ")
            .append(there)
            .append(" there and ")
            .append(here)
            .append(" here");
      }
    }
    if (differences > DIFFERENCES_MAX) {
      text.append("; and ").append(differences - DIFFERENCES_MAX).append(" more");
    }
    return differences == 0 ? Optional.empty() : Optional.of(text.toString());
  }
}
