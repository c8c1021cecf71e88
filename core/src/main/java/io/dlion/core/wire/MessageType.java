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
  PROGRESS
}
