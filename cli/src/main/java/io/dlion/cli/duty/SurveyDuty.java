package io.dlion.cli.duty;

import io.dlion.cli.measure.SelfMeasurement;
import io.dlion.cluster.desk.Reply;
import io.dlion.cluster.survey.LineFacts;
import io.dlion.cluster.survey.ProbeLimits;
import io.dlion.cluster.survey.SurveyQuestion;
import io.dlion.core.UserError;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers surveys for a worker, one measurement at a time, and only while it does not train: either
 * would disturb the other. Safe for several threads.
 */
final class SurveyDuty {
  private final String name;
  private final Supplier<Boolean> trains;
  private final Semaphore measuring = new Semaphore(1);
  private volatile @Nullable SelfMeasurement machine;
  private volatile @Nullable LineMeasure lines;

  /** Measures lines to others. */
  @FunctionalInterface
  public interface LineMeasure {
    /** All at the same time. */
    List<LineFacts> measure(List<UUID> targets, ProbeLimits limits) throws InterruptedException;
  }

  /** Nothing can be measured yet; {@code trains} tells whether the worker does so now. */
  SurveyDuty(String name, Supplier<Boolean> trains) {
    this.name = name;
    this.trains = trains;
  }

  /** Its lines are there. */
  void lines(LineMeasure now) {
    lines = now;
  }

  /** Its data can be opened. */
  void machine(SelfMeasurement now) {
    machine = now;
  }

  /** Why it cannot be measured now; empty where it can. */
  Optional<String> hindrance() {
    if (machine == null || lines == null) {
      return Optional.of("is starting: try again in some seconds");
    }
    return trains.get()
        ? Optional.of("is training, which measuring would disturb: dlion pause first")
        : Optional.empty();
  }

  /** Answers, which may take as long as the question allows. */
  void answer(SurveyQuestion question, OutputStream out) throws IOException {
    Optional<String> why = hindrance();
    if (why.isPresent()) {
      Reply.refused(name, why.get()).write(out);
      return;
    }
    if (question instanceof SurveyQuestion.Host) {
      send(facts(question), out);
      return;
    }
    if (!measuring.tryAcquire()) {
      Reply.refused(name, "is being measured by somebody else").write(out);
      return;
    }
    try {
      byte[] facts = facts(question);
      if (trains.get()) {
        Reply.refused(name, "began to train while it was measured").write(out);
      } else {
        send(facts, out);
      }
    } catch (UserError | IllegalArgumentException e) {
      Reply.refused(name, String.valueOf(e.getMessage())).write(out);
    } finally {
      measuring.release();
    }
  }

  private void send(byte[] facts, OutputStream out) throws IOException {
    Reply.done(name, "").write(out);
    out.write(facts);
  }

  private byte[] facts(SurveyQuestion question) throws IOException {
    SelfMeasurement its = machine;
    LineMeasure over = lines;
    if (its == null || over == null) {
      throw new IllegalStateException("nothing can be measured yet");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream to = new DataOutputStream(bytes);
    switch (question) {
      case SurveyQuestion.Host _ -> its.host().write(to);
      case SurveyQuestion.Steps q -> its.steps(q.model(), q.secondsMax()).write(to);
      case SurveyQuestion.Lines q -> LineFacts.write(measured(over, q), to);
    }
    to.flush();
    return bytes.toByteArray();
  }

  private static List<LineFacts> measured(LineMeasure over, SurveyQuestion.Lines question)
      throws IOException {
    try {
      return over.measure(question.targets(), question.limits());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while lines were measured");
    }
  }
}
