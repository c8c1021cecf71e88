package io.dlion.core.node;

/** Which messages go first on a link. */
public enum Priority {
  /** Small messages that steer. */
  CONTROL,
  /** Gradients. */
  GRADIENT,
  /** Whole models: bulk, with a reserved share of the link. */
  WEIGHTS
}
