package io.dlion.core.server;

import io.dlion.core.batching.Cost;
import org.jspecify.annotations.Nullable;

/** What a server knows of one client. Confined to its node. */
final class ServedClient {
  /** Of the client's process: a commit of another is not for this run of it. */
  final long life;

  /** Number of the newest commit that has been applied or given up. */
  long applied;

  /** Commits as the method counts them: those that were left out are not among them. */
  long clock;

  /** Whether a commit was applied and has not been answered. */
  boolean owed;

  /** Samples that the client has told of. */
  long samples;

  /** Samples of its newest commit. */
  int newestSamples;

  /** Mean loss of its newest commit; NaN before that. */
  double loss = Double.NaN;

  /** Steps per second, as its commits tell: 0 before the first. */
  double stepsPerSecond;

  /** Cost of its steps, where it has told. */
  @Nullable Cost cost;

  /** Its local batch. */
  int batch;

  ServedClient(long life, long applied, long clock, int batch) {
    this.life = life;
    this.applied = applied;
    this.clock = clock;
    this.batch = batch;
  }
}
