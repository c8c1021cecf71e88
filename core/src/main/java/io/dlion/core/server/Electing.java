package io.dlion.core.server;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.Priority;
import io.dlion.core.node.Timer;
import io.dlion.core.node.Timers;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Control.Standing;
import io.dlion.core.wire.Control.Standing.Flag;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.Probe;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a member comes to know who serves, at the beginning and when the server is gone: lines are
 * told of, and measured if it depends on them, and the successor of {@link Succession} takes the
 * newest global model that anybody holds. Whoever does not answer is not waited for longer than
 * {@value #PATIENCE_NANOS} ns. Confined to its node.
 */
final class Electing {
  static final long PATIENCE_NANOS = 2_000_000_000L;

  /** How often somebody else may say that there is a server which this member does not see. */
  private static final int FOLLOWED_MAX = 5;

  /** Lines that are measured, at most. */
  private static final int PROBES_MAX = 8;

  private final Succession succession;
  private final Timers timers;
  private final Outbox outbox;
  private final Set<WorkerId> probed = new HashSet<>();
  private boolean measured;
  private double bytesPerSecond;
  private boolean expired;
  private boolean asked;
  private int rounds;
  private Optional<WorkerId> fetching = Optional.empty();

  /** What to do next. */
  sealed interface Decision {
    /** Wait, for this. */
    record Wait(String what) implements Decision {}

    /** There is a server. */
    record Follow(WorkerId server) implements Decision {}

    /** Become the server. */
    record Serve() implements Decision {}
  }

  Electing(Succession succession, Timers timers, Outbox outbox) {
    this.succession = succession;
    this.timers = timers;
    this.outbox = outbox;
  }

  /** All begin together. */
  void begin(Standing own) {
    setTimer();
    tell(own, false);
  }

  /** This member comes to a run that is under way. */
  void join(Standing own) {
    setTimer();
    tell(own, true);
  }

  private void setTimer() {
    expired = false;
    timers.set(Timer.ELECTION, outbox.now() + PATIENCE_NANOS);
  }

  /** Tells all others. */
  private void tell(Standing own, boolean asks) {
    Standing told = asks ? with(own, Flag.ASKS) : own;
    succession.ids().forEach(id -> outbox.send(id, told));
  }

  /** A standing with some flags more. */
  static Standing with(Standing standing, Flag... more) {
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
    flags.addAll(standing.flags());
    flags.addAll(List.of(more));
    return new Standing(
        standing.term(),
        standing.version(),
        standing.life(),
        standing.commits(),
        standing.followers(),
        standing.bytesPerSecond(),
        flags);
  }

  /** There is a server: nothing is to be decided. */
  void decided() {
    timers.stop(Timer.ELECTION);
    rounds = 0;
    fetching = Optional.empty();
  }

  /** The server is gone. */
  void serverLost(Standing own) {
    succession.serverLost();
    asked = false;
    rounds = 0;
    fetching = Optional.empty();
    setTimer();
    tell(own, false);
  }

  /** The timer has expired: those who have not answered are asked again, or given up. */
  void timerExpired(Standing own) {
    rounds++;
    fetching.ifPresent(succession::givesNoModel);
    fetching = Optional.empty();
    setTimer();
    expired = true;
    if (!measured && !probed.isEmpty()) {
      return; // lines had time enough
    }
    tell(own, true);
  }

  /** A member has gone. */
  void gone(WorkerId id) {
    if (fetching.filter(id::equals).isPresent()) {
      fetching = Optional.empty();
    }
  }

  /** Whether a model was asked for from a member. */
  boolean fetchesFrom(WorkerId id) {
    return fetching.filter(id::equals).isPresent();
  }

  /** The model that was asked for is there. */
  void fetched() {
    fetching = Optional.empty();
    setTimer(); // what is asked for next is not waited for as long as a model
  }

  /** What to do now that no server is known. */
  Decision decide(Standing own) {
    Optional<WorkerId> server = succession.bestServer();
    if (server.isPresent()) {
      return new Decision.Follow(server.get());
    }
    if (!expired && !succession.unknown().isEmpty()) {
      return new Decision.Wait("standings of " + names(succession.unknown()));
    }
    if (succession.somebodyFollows() && rounds < FOLLOWED_MAX) {
      return new Decision.Wait("the server that others say there is");
    }
    if (succession.dependsOnLines(own) && !comparesLines(own)) {
      return new Decision.Wait("lines to be measured, by " + names(succession.unmeasured()));
    }
    WorkerId successor = succession.successor(measured ? measured(own) : own);
    return successor.equals(outbox.self())
        ? takeOver(own)
        : new Decision.Wait(successor + " to serve");
  }

  /** Measures lines and tells what they carry. Returns whether all have. */
  private boolean comparesLines(Standing own) {
    if (probed.isEmpty() && !measured) {
      succession.ids().stream().limit(PROBES_MAX).forEach(probed::add);
      setTimer();
      Payload probe = Probe.encode(outbox.fingerprint());
      probed.forEach(id -> outbox.send(id, probe, Priority.GRADIENT));
    }
    if (!measured && (expired || succession.hasMeasured(probed))) {
      measured = true;
      bytesPerSecond = succession.bytesPerSecond(); // told once: all must compare the same
      setTimer();
      tell(measured(own), false);
    }
    return measured && (expired || succession.unmeasured().isEmpty());
  }

  private Standing measured(Standing own) {
    Set<Flag> flags = EnumSet.of(Flag.MEASURED);
    flags.addAll(own.flags());
    return new Standing(
        own.term(),
        own.version(),
        own.life(),
        own.commits(),
        own.followers(),
        bytesPerSecond,
        flags);
  }

  /** Mean goodput of this member's lines as it has told; 0 before that. */
  double bytesPerSecond() {
    return bytesPerSecond;
  }

  /** Whether lines are measured, or had time enough. */
  boolean hasMeasured() {
    return measured;
  }

  private Decision takeOver(Standing own) {
    if (!succession.stale().isEmpty() && !expired) {
      if (!asked) {
        asked = true;
        setTimer();
        tell(own, true);
      }
      return new Decision.Wait("standings of " + names(succession.stale()));
    }
    WorkerId holder = succession.newest(own);
    if (holder.equals(outbox.self())) {
      return new Decision.Serve();
    }
    if (fetching.isEmpty()) {
      fetching = Optional.of(holder);
      expired = false;
      timers.set(Timer.ELECTION, outbox.now() + 5 * PATIENCE_NANOS); // it is the whole model
      outbox.send(holder, new Control.WeightsRequest(0));
    }
    return new Decision.Wait(Phrase.of("the newest model, of %s", holder));
  }

  private static String names(Collection<WorkerId> ids) {
    return String.join(", ", ids.stream().map(WorkerId::name).toList());
  }
}
