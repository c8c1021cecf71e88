package io.dlion.cli.run;

import io.dlion.cli.cap.Niceness;
import io.dlion.cli.console.Console;
import io.dlion.cli.console.Interruption;
import io.dlion.cli.duty.Duty;
import io.dlion.cli.duty.OnCall;
import io.dlion.cli.job.Job;
import io.dlion.cluster.desk.WorkerDesk;
import io.dlion.cluster.line.Switchboard;
import io.dlion.cluster.security.Security;
import io.dlion.core.Phrase;
import io.dlion.monitor.run.RunFolder;
import io.dlion.monitor.run.RunLock;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One worker of a cluster on a network, from opening its data to the last line on the screen. It
 * trains in turns ({@link WorkerTurn}): one, unless it is paused, or its hours end. While it rests
 * it is no member of anything and holds no data; it listens to operators, and forwards for others.
 */
public final class WorkerRun implements Working {
  private final Clock clock;

  /** Keeps its hours by the clock of this machine. */
  public WorkerRun() {
    this(Clock.system(ZoneId.systemDefault()));
  }

  /** Keeps its hours by a clock. */
  WorkerRun(Clock clock) {
    this.clock = clock;
  }

  @Override
  public int run(Job asked, WorkerPlace place, Console console)
      throws IOException, InterruptedException {
    if (place.takes().nice().isPresent()) {
      Niceness.set(place.takes().nice().getAsInt()).ifPresent(console.err()::println);
    }
    AtomicReference<Optional<OnCall>> made = new AtomicReference<>(Optional.empty());
    Duty duty =
        new Duty(asked.hours(), clock, line -> made.get().ifPresent(onCall -> onCall.say(line)));
    OnCall onCall =
        new OnCall(place.name(), place.site(), asked.name().orElse("unnamed"), duty, console);
    made.set(Optional.of(onCall));
    WorkerDesk desk = new WorkerDesk(onCall, place.network().credentials().isPresent());
    try (Interruption interruption = new Interruption();
        Switchboard lines =
            new Switchboard(
                place.name().name(),
                place.network().place(),
                place.network().credentials().map(Security::of))) {
      lines.desk(desk);
      lines.open();
      onCall.connected(lines);
      Thread watch = Thread.ofVirtual().start(() -> watch(duty));
      try {
        return turns(
            asked, place, new WorkerTurn(place, lines, console, interruption, onCall), duty);
      } finally {
        duty.end();
        watch.interrupt();
      }
    }
  }

  private static void watch(Duty duty) {
    try {
      duty.watch();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the worker has ended
    }
  }

  private static int turns(Job asked, WorkerPlace place, WorkerTurn turn, Duty duty)
      throws IOException, InterruptedException {
    WorkerTurn.State state =
        new WorkerTurn.State(asked, place.run().resumed().map(RunFolder::open));
    Optional<RunLock> lock = Optional.empty();
    try {
      while (true) {
        turn.interruption().then(duty::end);
        if (!duty.await()) {
          turn.console().out().println(ending(state, place));
          return 0;
        }
        WorkerTurn.Ended ended = turn.take(state);
        if (!ended.rests()) {
          return ended.exitCode();
        }
        if (state.folder().isEmpty() && ended.state().folder().isPresent()) {
          // A run that is gone on with is locked by whoever began this process.
          lock = Optional.of(RunLock.take(ended.state().folder().get(), turn::warn));
        }
        state = ended.state();
        place.run().served().ifPresent(metrics -> metrics.watch(Map::of));
      }
    } finally {
      if (lock.isPresent()) {
        lock.get().close();
      }
    }
  }

  private static String ending(WorkerTurn.State state, WorkerPlace place) {
    return state
        .folder()
        .map(folder ->
            Phrase.of(
                "stopped while it rested%ngo on with   %s",
                Summary.goingOn(place.run().command(), folder)))
        .orElse("stopped before training began");
  }
}
