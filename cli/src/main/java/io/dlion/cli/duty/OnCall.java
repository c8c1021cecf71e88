package io.dlion.cli.duty;

import io.dlion.cli.console.Console;
import io.dlion.cluster.ClusterWorker;
import io.dlion.cluster.WorkerStatus;
import io.dlion.cluster.desk.Command;
import io.dlion.cluster.desk.Operated;
import io.dlion.cluster.desk.Reply;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.wire.Control.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A worker's process as operators see it, from its beginning to its end: also while it rests and is
 * no member of any group. Safe for several threads.
 */
public final class OnCall implements Operated {
  /** What needs no explanation. */
  private static final Pattern DONE = Pattern.compile("stopped|paused|resumed");

  private final WorkerId self;
  private final Console console;
  private final Duty duty;
  private volatile @Nullable ClusterWorker worker;
  private volatile WorkerStatus last;

  /** Before the worker has joined anybody. */
  public OnCall(WorkerId self, String site, String run, Duty duty, Console console) {
    this.self = self;
    this.console = console;
    this.duty = duty;
    this.last =
        new WorkerStatus(
            self,
            site,
            run,
            WorkerStatus.waiting(self),
            List.of(),
            Optional.empty(),
            Optional.empty());
  }

  /** The worker has joined others, to gather and train in this turn. */
  public void joined(ClusterWorker now) {
    worker = now;
    duty.begins(now::requestStop);
  }

  /** The turn is over: the worker leaves the others. */
  public void left() {
    ClusterWorker was = worker;
    if (was != null) {
      last = was.status();
    }
    worker = null;
    duty.over();
  }

  // ---- what operators ask

  @Override
  public String name() {
    return self.name();
  }

  @Override
  public byte[] status() {
    ClusterWorker now = worker;
    WorkerStatus status = now == null ? last : now.status();
    return duty.rest()
        .map(rest ->
            status.resting(
                rest.phase(), new WorkerStatus.Rest(rest.why(), rest.lasts().toMillis())))
        .orElse(status)
        .encode();
  }

  @Override
  public Reply carryOut(Command command, String by) {
    String what =
        switch (command) {
          case STOP -> duty.stop();
          case PAUSE -> duty.pause(by);
          case RESUME -> duty.resume();
          case STATUS, MODEL -> throw new IllegalArgumentException(command.name());
        };
    tell(
        Severity.INFO,
        DONE.matcher(what).matches()
            ? what + " by " + by
            : command.word() + " by " + by + ": " + what);
    return Reply.done(self.name(), what);
  }

  @Override
  public void sendModel(String by, OutputStream out) throws IOException {
    Reply.refused(self.name(), "cannot send its model").write(out);
  }

  @Override
  public void refused(Command command, String by) {
    tell(
        Severity.WARNING,
        "refused to " + command.word() + " by " + by + ": not an operator's certificate");
  }

  /** On the screen, and in the log of the run where there is one. */
  private void tell(Severity severity, String text) {
    ClusterWorker now = worker;
    if (now == null) {
      say(text);
    } else {
      now.tell(severity, text);
    }
  }

  /** A line on the screen. */
  public void say(String text) {
    ClusterWorker now = worker;
    if (now == null) {
      console.out().println(text);
      console.out().flush();
    } else {
      now.tell(Severity.INFO, text);
    }
  }

  /** Whether a turn ended because the worker is to rest. */
  public static boolean rests(ClusterWorker ended) throws InterruptedException {
    return ended.await().getFirst().reason() == Reason.PAUSED;
  }
}
