package io.dlion.cli.duty;

import io.dlion.cli.console.Console;
import io.dlion.cli.measure.SelfMeasurement;
import io.dlion.cluster.ClusterWorker;
import io.dlion.cluster.WorkerStatus;
import io.dlion.cluster.desk.Command;
import io.dlion.cluster.desk.Operated;
import io.dlion.cluster.desk.PacedOutput;
import io.dlion.cluster.desk.Reply;
import io.dlion.cluster.line.Switchboard;
import io.dlion.cluster.survey.SurveyQuestion;
import io.dlion.cluster.worker.ModelCopy;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.wire.Control.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A worker's process as operators see it, from its beginning to its end: also while it rests and is
 * no member of any group. Safe for several threads.
 */
public final class OnCall implements Operated {
  /** What needs no explanation. */
  private static final Pattern DONE = Pattern.compile("stopped|paused|resumed");

  /** The share of the best link that a model may take which is sent to an operator. */
  private static final double UPLINK_SHARE = 0.25;

  /** 1 Mbit/s. */
  private static final double BYTES_PER_SECOND_MIN = 125_000;

  /** A step may take long. */
  private static final long PATIENCE_SECONDS = 120;

  private static final long BEGINNING_SECONDS_MAX = 5;

  private final WorkerId self;
  private final Console console;
  private final Duty duty;
  private final SurveyDuty surveys;
  private volatile @Nullable ClusterWorker worker;
  private volatile @Nullable ModelSender sender;
  private volatile WorkerStatus last;

  /** Before the worker has joined anybody. */
  public OnCall(WorkerId self, String site, String run, Duty duty, Console console) {
    this.self = self;
    this.console = console;
    this.duty = duty;
    this.surveys = new SurveyDuty(self.name(), this::trains);
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

  /** Its lines are there, and can be measured while the worker does not train. */
  public void connected(Switchboard lines) {
    surveys.lines(lines::measure);
    lines.measurable(surveys::hindrance);
  }

  /** Its data can be opened, and its machine be measured while the worker does not train. */
  public void knows(SelfMeasurement machine) {
    surveys.machine(machine);
  }

  private boolean trains() {
    ClusterWorker now = worker;
    return now != null
        && (sender != null || !now.status().doing().phase().equals(WorkerStatus.WAITING));
  }

  /** The worker has joined others, to gather and train in this turn. */
  public void joined(ClusterWorker now) {
    worker = now;
    duty.begins(now::requestStop);
  }

  /** The worker is about to train; its model can be asked for from now on. */
  public void trains(ModelSender now) {
    sender = now;
  }

  /** The turn is over: the worker leaves the others. */
  public void left() {
    sender = null;
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
          case STATUS, MODEL, SURVEY -> throw new IllegalArgumentException(command.name());
        };
    tell(
        Severity.INFO,
        DONE.matcher(what).matches()
            ? what + " by " + by
            : command.word() + " by " + by + ": " + what);
    return Reply.done(self.name(), what);
  }

  /** Waits for a worker that has gathered and is about to train, a little. */
  private void awaitTraining() throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(BEGINNING_SECONDS_MAX);
    while (isAboutToTrain() && System.nanoTime() < until) {
      Thread.sleep(20);
    }
  }

  private boolean isAboutToTrain() {
    ClusterWorker now = worker;
    return now != null
        && (sender == null || now.status().doing().phase().equals(WorkerStatus.WAITING));
  }

  @Override
  public void sendModel(String by, boolean network, OutputStream out) throws IOException {
    try {
      awaitTraining();
      ClusterWorker now = worker;
      ModelSender with = sender;
      Optional<CompletableFuture<ModelCopy>> copy =
          now == null || with == null ? Optional.empty() : now.model();
      if (now == null || with == null || copy.isEmpty()) {
        Reply.refused(self.name(), "does not train now").write(out);
        return;
      }
      ModelCopy model = copy.get().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!model.isFinite()) {
        Reply.refused(self.name(), "its model has numbers that are not finite").write(out);
        return;
      }
      tell(Severity.INFO, "sends its model to " + by);
      Reply.done(self.name(), "").write(out);
      with.send(model, network, new PacedOutput(out, () -> share(now)));
    } catch (TimeoutException | ExecutionException e) {
      Reply.refused(self.name(), "training has ended, or a step takes too long").write(out);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a model was sent");
    }
  }

  @Override
  public void survey(SurveyQuestion question, String by, OutputStream out) throws IOException {
    if (question instanceof SurveyQuestion.Steps) {
      tell(Severity.INFO, "is measured for " + by);
    }
    surveys.answer(question, out);
  }

  /** Part of what the best of its links carries. */
  private static double share(ClusterWorker worker) {
    double best =
        worker.bytesPerSecond().values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    return Math.max(BYTES_PER_SECOND_MIN, UPLINK_SHARE * best);
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
