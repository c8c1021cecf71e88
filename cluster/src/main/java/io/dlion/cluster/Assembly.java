package io.dlion.cluster;

import io.dlion.cluster.begin.Beginning;
import io.dlion.cluster.begin.Gathering;
import io.dlion.cluster.begin.Takeover;
import io.dlion.cluster.begin.WaitingText;
import io.dlion.cluster.group.Acquaintances;
import io.dlion.cluster.group.Hello;
import io.dlion.cluster.group.RelayedPairs;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.core.wire.Control.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The members of the group as they are at the moment, and the wait until a run begins with them.
 * Safe for several threads, of which one waits.
 */
final class Assembly {
  private static final long SAY_AGAIN_NANOS = 30_000_000_000L;

  /** Whoever has not been met so long after the run has begun must have gone since. */
  private static final long MEETING_NANOS_MAX = 6_000_000_000L;

  private final WorkerConfig config;
  private final Consumer<String> say;
  private List<Hello> members = List.of(); // guarded by this
  private Optional<Beginning> call = Optional.empty(); // guarded by this
  private boolean awaitsElder; // guarded by this
  private long elderSinceNanos; // guarded by this
  private Optional<Reason> stop = Optional.empty(); // guarded by this
  private Optional<UserError> excluded = Optional.empty(); // guarded by this

  /**
   * Nobody is there yet.
   *
   * @param say is told for whom the worker waits
   */
  Assembly(WorkerConfig config, Consumer<String> say) {
    this.config = config;
    this.say = say;
  }

  // ---- what happens

  /** Members have come, gone, or said something new. */
  synchronized void changed(List<Hello> now, boolean elder) {
    members = List.copyOf(now);
    if (call.isEmpty()) { // who calls may be gone before the wait looks at its members again
      call = Gathering.call(config.name(), members);
    }
    if (elder && !awaitsElder) {
      elderSinceNanos = System.nanoTime();
    }
    awaitsElder = elder;
    notifyAll();
  }

  /** Somebody who was there first trains something else: the wait fails. */
  synchronized void exclude(Acquaintances.Refusal r) {
    excluded =
        Optional.of(
            new UserError(
                "cannot train with "
                    + r.who()
                    + ", who was there first: "
                    + r.reason()
                    + "; give both the same job and the same kind of data, or this one other"
                    + " seeds"));
    notifyAll();
  }

  /** The worker is to stop: the wait ends. */
  synchronized void stop(Reason reason) {
    stop = Optional.of(reason);
    notifyAll();
  }

  /** Why the worker was asked to stop; empty where it was not. */
  synchronized Optional<Reason> asked() {
    return stop;
  }

  // ---- who is there

  /** The site of each member. */
  synchronized Map<WorkerId, String> sites() {
    Map<WorkerId, String> sites = new TreeMap<>();
    members.forEach(m -> sites.put(m.name(), m.identity().site()));
    return sites;
  }

  /** Which of them reach each other only through others. */
  synchronized Set<WorkerPair> relayed() {
    return RelayedPairs.among(members);
  }

  /** The members that take part in a run. */
  synchronized Set<WorkerId> training() {
    Set<WorkerId> training = new TreeSet<>();
    members.stream().filter(m -> m.start().isPresent()).forEach(m -> training.add(m.name()));
    return training;
  }

  // ---- the wait

  /**
   * Waits until the run begins or this worker can come to one that is under way, and says whom it
   * waits for.
   *
   * @param self this process
   * @param takeover brings the weights to begin with; empty where they are not compared
   * @param begins is told how, before anything else can happen
   * @return whether it does; not where it was asked to stop
   * @throws UserError if the others train something else
   */
  synchronized boolean gather(UUID self, Optional<Takeover> takeover, Consumer<Beginning> begins)
      throws InterruptedException {
    Gathering gathering =
        new Gathering(self, config.run().minWorkers(), config.shard().encodings());
    long begun = System.nanoTime();
    long sayAt = begun;
    long meetUntil = Long.MAX_VALUE;
    String said = "";
    while (true) {
      if (excluded.isPresent()) {
        throw excluded.get();
      }
      if (stop.isPresent()) {
        return false;
      }
      long now = System.nanoTime();
      long elderUntil = awaitsElder ? elderSinceNanos + MEETING_NANOS_MAX : now;
      Optional<Beginning> found = gathering.beginning(members, now < elderUntil).or(() -> call);
      Set<WorkerId> unmet = found.map(how -> Gathering.unmet(how, members)).orElse(Set.of());
      if (found.isPresent()) {
        meetUntil = Math.min(meetUntil, now + MEETING_NANOS_MAX);
        if (now >= meetUntil && !unmet.isEmpty()) {
          say.accept("begins without having met " + WaitingText.names(unmet));
        }
        if (now >= meetUntil || unmet.isEmpty()) {
          begins.accept(found.get());
          return true;
        }
      } else if (now < elderUntil) {
        wait(Math.max(1, (elderUntil - now) / 1_000_000));
        continue;
      }
      long askAt = takeover.map(with -> takeOver(with, now)).orElse(Long.MAX_VALUE);
      WaitingText waiting = new WaitingText(config.run().minWorkers(), members);
      String text = waiting.text(unmet, 0);
      if (!text.equals(said) || now >= sayAt) {
        say.accept(waiting.text(unmet, (now - begun) / 1_000_000_000));
        said = text;
        sayAt = now + SAY_AGAIN_NANOS;
      }
      long until = Math.min(Math.min(sayAt, meetUntil), askAt);
      wait(Math.max(1, (until - now) / 1_000_000));
    }
  }

  /** Asks for the weights to begin with, if they are another's; answers when to look again. */
  private long takeOver(Takeover with, long now) {
    Optional<Hello> own = members.stream().filter(m -> m.name().equals(config.name())).findFirst();
    if (own.isEmpty()) {
      return Long.MAX_VALUE;
    }
    Optional<Hello> source = Takeover.source(own.get(), members);
    with.from(source, now);
    return source.isPresent() ? now + Takeover.PATIENCE_NANOS : Long.MAX_VALUE;
  }
}
