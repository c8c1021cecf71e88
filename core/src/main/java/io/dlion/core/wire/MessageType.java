package io.dlion.core.wire;

/** Kinds of message. The wire carries the ordinal: new kinds are appended, none is removed. */
public enum MessageType {
  /** A gradient, whole or in part: {@link GradientHeader} and values. */
  GRADIENT,
  /** The whole model: {@link WeightsMessage}. */
  WEIGHTS,
  /** How long a step takes: {@link Control.Cost}. */
  COST,
  /** Mean training loss of a transfer round: {@link Control.RoundLoss}. */
  ROUND_LOSS,
  /** A request for weights: {@link Control.WeightsRequest}. */
  WEIGHTS_REQUEST,
  /** A test accuracy: {@link Control.Accuracy}. */
  ACCURACY,
  /** A new global batch size: {@link Control.GlobalBatch}. */
  GLOBAL_BATCH,
  /** The sender takes part no longer: {@link Control.Goodbye}. */
  GOODBYE,
  /** The sender has begun an iteration: {@link Control.Token}. */
  TOKEN,
  /** A gradient is delayed and worth waiting for: {@link Control.Barrier}. */
  BARRIER,
  /** How far the sender has come: {@link Control.Status}. */
  STATUS,

  /** How far the sender has come, where gradients are not exchanged: {@link Control.Progress}. */
  PROGRESS,

  /** How far a client went by itself since its last commit: {@link CommitMessage}. */
  COMMIT,

  /** The model that a server keeps, and when to commit next: {@link GlobalModelMessage}. */
  MODEL,

  /** What a member knows of the run and of its lines: {@link Control.Standing}. */
  STANDING,

  /** When to commit next: {@link Control.NextCommit}. */
  NEXT_COMMIT,

  /** Nothing but bytes, by which a line without traffic is measured: {@link Probe}. */
  PROBE,

  /** How learning from streams stands: {@link StreamNews}. */
  STREAM,

  /** Gradients travel along a tree from now on: {@link Control.ThinLines}. */
  THIN_LINES
}
