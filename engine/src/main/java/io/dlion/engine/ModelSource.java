package io.dlion.engine;

import io.dlion.core.layout.ParameterLayout;

/** Where replicas of a model come from. Thread safe. */
sealed interface ModelSource permits BuiltInSource, ScriptFileSource {
  /** Layout of the weights of every replica. */
  ParameterLayout parameters();

  /** Layout of the buffers of every replica. */
  ParameterLayout buffers();

  /** Whether the model draws random numbers in training mode (dropout). */
  boolean drawsRandomNumbers();

  /** A new replica in training mode, with its initial values. */
  Replica replica(long seed);
}
