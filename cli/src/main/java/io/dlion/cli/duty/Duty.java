package io.dlion.cli.duty;

import io.dlion.cli.job.TrainingHours;
import io.dlion.core.wire.Control.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Whether a worker trains now: within its hours, unless an operator has paused it. It trains in
 * turns: {@link #await} returns when the next one may begin, and a turn under way is asked to stop
 * when it may not go on. Safe for several threads, of which one waits and trains.
 */
public final class Duty {
  /** The clock may be set, and a machine may sleep: it is looked at that often. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(20);

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

  private final TrainingHours hours;
  private final Clock clock;
  private final Consumer<String> say;
  private Optional<Pause> pause = Optional.empty(); // guarded by this
  private Optional<Consumer<Reason>> turn = Optional.empty(); // guarded by this
  private Optional<Instant> outsideSince = Optional.empty(); // guarded by this
  private boolean asked; // guarded by this: the turn has been asked to stop
  private boolean ended; // guarded by this

  /** An operator's wish. */
  private record Pause(String by, Instant since) {}

  /**
   * Nobody has paused it.
   *
   * @param hours when it may train
   * @param clock with the zone in which the hours are meant
   * @param say tells people that the hours begin or end
   */
  public Duty(TrainingHours hours, Clock clock, Consumer<String> say) {
    this.hours = hours;
    this.clock = clock;
    this.say = say;
  }

  // ---- turns

  /**
   * Waits until the worker may train.
   *
   * @return false if it is to end instead
   */
  public synchronized boolean await() throws InterruptedException {
    look();
    while (!ended && !isOn()) {
      wait(untilLook().toMillis());
      look();
    }
    return !ended;
  }

  /** A turn begins; it is asked to stop at once where it may not. */
  public synchronized void begins(Consumer<Reason> stop) {
    turn = Optional.of(stop);
    asked = false;
    look();
  }

  /** The turn is over. */
  public synchronized void over() {
    turn = Optional.empty();
  }

  /** It is to end: nobody needs it any more. */
  public synchronized void end() {
    ended = true;
    notifyAll();
  }

  /**
   * Looks at the clock until {@link #end}, since hours may end while a turn is under way. On a
   * thread of its own.
   */
  public void watch() throws InterruptedException {
    synchronized (this) {
      while (!ended) {
        look();
        wait(untilLook().toMillis());
      }
    }
  }

  /** Time has passed, or something has changed. */
  synchronized void look() {
    boolean outside = !hours.hold(now());
    if (outside && outsideSince.isEmpty()) {
      outsideSince = Optional.of(clock.instant());
      say.accept(outsideText());
    } else if (!outside && outsideSince.isPresent()) {
      outsideSince = Optional.empty();
      say.accept("within its hours again");
      notifyAll();
    }
    if (!isOn() && !asked && turn.isPresent()) {
      asked = true;
      turn.get().accept(Reason.PAUSED);
    }
  }

  private boolean isOn() {
    return pause.isEmpty() && outsideSince.isEmpty();
  }

  private Duration untilLook() {
    Duration change =
        hours
            .nextChange(now())
            .map(next -> Duration.between(clock.instant(), next.toInstant()))
            .orElse(LOOK_AGAIN);
    return change.compareTo(LOOK_AGAIN) < 0 ? change.plusMillis(1) : LOOK_AGAIN;
  }

  private ZonedDateTime now() {
    return ZonedDateTime.now(clock);
  }

  // ---- what an operator wants

  /** To rest until resumed; returns what happened. */
  public synchronized String pause(String by) {
    if (ended) {
      return "is ending";
    }
    if (pause.isPresent()) {
      return "was paused already, by " + pause.get().by() + " since " + time(pause.get().since());
    }
    pause = Optional.of(new Pause(by, clock.instant()));
    look();
    return "paused";
  }

  /** To go on; returns what happened. */
  public synchronized String resume() {
    boolean was = pause.isPresent();
    pause = Optional.empty();
    look();
    notifyAll();
    String when = outsideSince.isPresent() ? ", " + outsideText() : "";
    return (was ? "resumed" : "was not paused") + when;
  }

  /** The run is to end for all; returns what happened. */
  public synchronized String stop() {
    if (ended && turn.isPresent()) {
      return "was stopped already";
    }
    if (turn.isEmpty() || asked) {
      end();
      return "ended while it rested: its checkpoint is kept, and it made no model";
    }
    turn.get().accept(Reason.STOPPED);
    ended = true; // what comes after this turn is the end
    return "stopped";
  }

  // ---- why it rests

  /**
   * A rest.
   *
   * @param phase {@code paused} or {@code resting}
   * @param why for people
   * @param lasts since it began
   */
  public record Rest(String phase, String why, Duration lasts) {}

  /** Why it does not train now; empty where it does, or may. */
  public synchronized Optional<Rest> rest() {
    Instant now = clock.instant();
    if (pause.isPresent()) {
      Pause by = pause.get();
      return Optional.of(
          new Rest(
              "paused",
              "paused since " + time(by.since()) + ", by " + by.by(),
              lasted(by.since(), now)));
    }
    return outsideSince.map(since -> new Rest("resting", outsideText(), lasted(since, now)));
  }

  private static Duration lasted(Instant since, Instant now) {
    return now.isBefore(since) ? Duration.ZERO : Duration.between(since, now);
  }

  private String outsideText() {
    return "outside its hours until "
        + hours.nextChange(now()).map(next -> next.format(TIME)).orElse("they are changed");
  }

  private String time(Instant moment) {
    return moment.atZone(clock.getZone()).format(TIME);
  }
}
