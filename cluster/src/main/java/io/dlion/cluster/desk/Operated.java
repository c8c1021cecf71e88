package io.dlion.cluster.desk;

import io.dlion.cluster.survey.SurveyQuestion;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A worker as an operator sees it. Every command is harmless when given twice. Safe for several
 * threads; none of the commands waits for training, and only measuring takes long.
 */
public interface Operated {
  /** Its name. */
  String name();

  /** What it does, as a {@code WorkerStatus} in bytes. */
  byte[] status();

  /**
   * Does what was asked: {@link Command#STOP}, {@link Command#PAUSE} or {@link Command#RESUME}.
   *
   * @param by whom, for people: {@code operator anna}
   * @return what happened, or why nothing did
   */
  Reply carryOut(Command command, String by);

  /**
   * Sends its model as it is now: first the {@link Reply}, then, unless that refuses, a {@link
   * ModelAnswer} and what it tells of.
   *
   * @param network whether that is wanted, too, where the model came as a file
   * @throws IOException if the other end is gone
   */
  void sendModel(String by, boolean network, OutputStream out) throws IOException;

  /**
   * Measures what is asked: first the {@link Reply}, then, unless that refuses, the facts, {@code
   * HostFacts}, {@code StepFacts} or {@code LineFacts}. Only a worker that does not train can be
   * measured.
   *
   * @throws IOException if the other end is gone
   */
  void survey(SurveyQuestion question, String by, OutputStream out) throws IOException;

  /** Somebody asked for what is not theirs to ask: people are told. */
  void refused(Command command, String by);
}
