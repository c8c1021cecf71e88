package io.dlion.engine;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.engine.task.Task;
import java.io.IOException;
import java.nio.file.Path;

/** Where replicas of a model come from. Thread safe. */
sealed interface ModelSource permits BuiltInSource, ScriptFileSource {
  /** Layout of the weights of every replica. */
  ParameterLayout parameters();

  /** Layout of the buffers of every replica. */
  ParameterLayout buffers();

  /** What the model needs of those who train it. */
  Traits traits();

  /** The loss it learns by, and how its predictions are scored. */
  Task task();

  /**
   * A hash of what neither learning nor training changes: frozen parameters, constant buffers such
   * as a causal mask. Empty where there is nothing of that.
   */
  String constants();

  /** A new replica in training mode, with its initial values. */
  FlatModule replica(long seed);

  /** Writes a model that came as a file, as it was read, to be used when that file is gone. */
  void keep(Path copy) throws IOException;
}
