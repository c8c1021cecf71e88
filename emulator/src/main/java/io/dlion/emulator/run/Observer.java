package io.dlion.emulator.run;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.core.report.ReportSink;
import java.util.List;

/**
 * Watches an emulation: takes what workers report, and what only the emulation knows. Called from
 * the emulation's thread, in order of virtual time.
 */
public interface Observer extends ReportSink {
  /** A worker computed a gradient, from one moment to another. */
  default void computed(WorkerId worker, long fromNanos, long toNanos) {}

  /** A worker could not compute, from one moment to another. */
  default void waited(WorkerId worker, long fromNanos, long toNanos) {}

  /** A message was put on a link. */
  default void transferBegan(WorkerId from, WorkerId to, long atNanos) {}

  /** The last byte of a message left a link. */
  default void transferEnded(WorkerId from, WorkerId to, long atNanos, long bytes) {}

  /**
   * The messages of a pair that could not reach each other went over others, from one moment to
   * another.
   *
   * @param over who passed them on, from the first of the pair to the second
   * @param bytes that the two sent each other this way
   */
  default void relayed(
      WorkerPair pair, List<WorkerId> over, long fromNanos, long toNanos, long bytes) {}

  /**
   * A worker is there by whose model the run is not judged, at the time of an evaluation. Its
   * earlier evaluations, if any, say nothing any more.
   */
  default void notJudged(WorkerId worker) {}

  /** A worker crashed or left. */
  default void gone(WorkerId worker, long atNanos) {}
}
