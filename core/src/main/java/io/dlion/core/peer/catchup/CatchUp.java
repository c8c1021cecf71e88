package io.dlion.core.peer.catchup;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Outbox;
import io.dlion.core.peer.batches.Batches;
import io.dlion.core.peer.pace.Waiting;
import io.dlion.core.peer.roster.Peer;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.peer.roster.Tally;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.wire.Control;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings a worker that comes late to where the others are: it asks the first who greets it for
 * whole weights, unless its own are as new (which iterations tell only where workers wait for each
 * other: a fast worker's number is far ahead of a slow one's, however old), then greets everybody
 * and begins, when they have answered, with the iteration after the newest they have sent. So
 * nobody waits for it while it catches up. A worker that meets others who are far ahead, after a
 * partition, goes on with their iteration at once and takes over their weights when they arrive.
 * One that becomes the neighbour of a worker far ahead, where a topology has changed, goes on with
 * its iteration too, and the other need not wait until it has done as many: its weights stay, for
 * gradients have reached it over other links.
 *
 * <p>What is lost on the way is asked for again, of one peer after the other, and not for ever.
 * Confined to its node.
 */
public final class CatchUp {
  /** The round of weights that are not asked for in a round of knowledge transfer. */
  public static final long ROUND = 0;

  private static final int TRIES_MAX = 4;

  private final boolean together;
  private final Roster roster;
  private final Waiting waiting;
  private final Neighbours neighbours;
  private final Greeting greeting;
  private final Batches batches;
  private final Tally tally;
  private final Outbox outbox;
  private final Map<WorkerId, Control.Status> heard = new TreeMap<>();

  /**
   * Whose answer it waits for: those who have said already how far they are. The others come late
   * like itself, and greet it once they train.
   */
  private final Set<WorkerId> awaited = new TreeSet<>();

  private Stage stage = Stage.TRAINING;
  private @Nullable WorkerId source;
  private int tries;
  private long furthest = -1;

  private enum Stage {
    TRAINING,
    FETCHING,
    GREETING
  }

  /**
   * The worker trains from the beginning.
   *
   * @param together whether workers wait for each other, so that their iterations are comparable
   */
  public CatchUp(
      boolean together,
      Roster roster,
      Waiting waiting,
      Neighbours neighbours,
      Greeting greeting,
      Batches batches,
      Tally tally,
      Outbox outbox) {
    this.together = together;
    this.roster = roster;
    this.waiting = waiting;
    this.neighbours = neighbours;
    this.greeting = greeting;
    this.batches = batches;
    this.tally = tally;
    this.outbox = outbox;
  }

  /** This worker comes to a run that is under way. */
  public void begin() {
    stage = Stage.FETCHING;
  }

  /** Whether this worker takes part, so that others may count on it. */
  public boolean takesPart() {
    return stage != Stage.FETCHING;
  }

  /** Whether it does not know yet where to begin. */
  public boolean isUnderWay() {
    return stage != Stage.TRAINING;
  }

  /** Somebody has said how far it is. */
  public void heard(WorkerId from, Control.Status status) {
    if (isUnderWay()) {
      heard.put(from, status);
    }
    if (stage == Stage.FETCHING && source == null) {
      fetch(from);
    }
  }

  /** A neighbour has sent up to an iteration, or is taken to have. */
  public void reached(long sent) {
    furthest = Math.max(furthest, sent);
  }

  /** Goes on with the iteration of a peer that is far ahead, and asks for its weights. */
  public void follow(WorkerId ahead) {
    if (stage == Stage.TRAINING && source == null) {
      request(ahead);
    }
  }

  private void fetch(WorkerId from) {
    Control.Status status = heard.get(from);
    boolean begun = tally.iteration() > 0;
    if (status != null && begun && together && status.sent() < tally.iteration()) {
      greet(); // a checkpoint as new as that
    } else {
      request(from);
    }
  }

  private void request(WorkerId from) {
    source = from;
    outbox.send(from, new Control.WeightsRequest(ROUND));
  }

  /** Whether these are weights it has asked for. */
  public boolean expects(WorkerId from, long round) {
    return round == ROUND && from.equals(source);
  }

  /** The weights it has asked for are its own now. */
  public void fetched(long iteration) {
    source = null;
    if (stage == Stage.FETCHING) {
      tally.startAt(Math.max(tally.iteration(), iteration));
      greet();
    }
  }

  private void greet() {
    source = null;
    stage = Stage.GREETING;
    tries = 0;
    waiting.end();
    heard.values().stream()
        .max(Comparator.comparingLong(Control.Status::sent))
        .ifPresent(batches::adopt);
    List<WorkerId> guests = roster.guests();
    boolean heardOfNone = guests.stream().noneMatch(heard::containsKey);
    guests.stream().filter(id -> heardOfNone || heard.containsKey(id)).forEach(awaited::add);
    heard.clear();
    askGuests();
  }

  private void askGuests() {
    roster.guests().forEach(greeting::greet);
  }

  /**
   * Between two iterations: goes on with the iteration of those who are ahead, if that is due.
   *
   * @param behind whether this worker holds them up, or its gradients would be too old for them
   * @return whether it must wait before it begins
   */
  public boolean mustWait(boolean behind) {
    List<WorkerId> guests =
        roster.guests().stream()
            .filter(guest -> stage != Stage.GREETING || awaited.contains(guest))
            .toList();
    if (stage != Stage.TRAINING && guests.isEmpty()) {
      complete();
      behind = true;
    }
    if (stage == Stage.TRAINING) {
      if (behind && furthest >= tally.iteration()) {
        tally.startAt(furthest + 1);
        roster
            .neighbours()
            .forEach(peer -> greeting.greet(peer.id())); // nothing comes of the iterations left out
      }
      return false;
    }
    waiting.begin(stage == Stage.FETCHING ? "the weights" : "an answer", guests);
    return true;
  }

  /** All have answered, or will not: from now on this worker trains. */
  private void complete() {
    stage = Stage.TRAINING;
    source = null;
    neighbours.derive();
    for (Peer peer : roster.neighbours()) {
      Control.Status status = heard.get(peer.id());
      if (status != null) {
        reached(status.sent());
      }
    }
    heard.clear();
    awaited.clear();
  }

  /** The newest iteration that a neighbour has said it has sent. */
  public long furthest() {
    return furthest;
  }

  /** What was asked for has not come in time. */
  public void retry() {
    List<WorkerId> guests = roster.guests();
    boolean again = ++tries < TRIES_MAX;
    if (stage == Stage.FETCHING && again && !guests.isEmpty()) {
      request(guests.get(tries % guests.size()));
    } else if (stage == Stage.FETCHING) {
      outbox.notice(Severity.WARNING, "nobody has sent weights: begins with its own");
      greet();
    } else if (stage == Stage.GREETING && again) {
      askGuests();
    } else if (stage == Stage.GREETING) {
      complete(); // those who did not answer are met later
    }
  }

  /** A peer is there no longer. */
  public void gone(WorkerId peer) {
    heard.remove(peer);
    awaited.remove(peer);
    if (peer.equals(source)) {
      source = null;
      if (stage == Stage.FETCHING) {
        heard.keySet().stream().findFirst().ifPresent(this::fetch);
      }
    }
  }
}
