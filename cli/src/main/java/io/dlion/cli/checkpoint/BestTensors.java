package io.dlion.cli.checkpoint;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.node.BestModel;
import io.dlion.core.node.Checkpoint;
import io.dlion.data.tensor.NamedTensor;
import io.dlion.data.tensor.Safetensors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The best model that evaluations have found, in a file of a checkpoint: {@code best/NAME}. */
final class BestTensors {
  /** What the names of its tensors begin with. */
  static final String PREFIX = "best/";

  static final String ACCURACY = "best.accuracy";
  private static final String LOSS = "best.loss";
  private static final String EXAMPLES = "best.examples";
  private static final String ITERATION = "best.iteration";
  private static final String SAMPLES = "best.samples";

  private BestTensors() {}

  /** Adds it to what is written of a checkpoint. */
  static void add(
      Checkpoint checkpoint, BestModel best, List<NamedTensor> tensors, Map<String, String> state) {
    add(Safetensors.tensors(checkpoint.layout(), best.weights()), tensors);
    add(Safetensors.tensors(checkpoint.bufferLayout(), best.buffers()), tensors);
    state.put(ACCURACY, Double.toString(best.evaluation().accuracy()));
    state.put(LOSS, Double.toString(best.evaluation().loss()));
    state.put(EXAMPLES, Long.toString(best.evaluation().examples()));
    state.put(ITERATION, Long.toString(best.iteration()));
    state.put(SAMPLES, Long.toString(best.samples()));
  }

  private static void add(List<NamedTensor> named, List<NamedTensor> tensors) {
    named.forEach(t -> tensors.add(new NamedTensor(PREFIX + t.name(), t.shape(), t.values())));
  }

  /** Reads it; empty where the worker kept none. */
  static Optional<BestModel> find(
      Safetensors saved, ParameterLayout layout, ParameterLayout bufferLayout, Path file) {
    Map<String, String> state = saved.metadata();
    if (!state.containsKey(ACCURACY)) {
      return Optional.empty();
    }
    Safetensors best = CheckpointFiles.named(PREFIX, saved);
    MemorySegment weights = Arena.ofAuto().allocate(layout.bytes(), 64);
    best.copyTo(layout, weights, file);
    MemorySegment buffers = Arena.ofAuto().allocate(bufferLayout.bytes(), 64);
    best.copyTo(bufferLayout, buffers, file);
    return Optional.of(
        new BestModel(
            new Evaluation(number(state, EXAMPLES), decimal(state, LOSS), decimal(state, ACCURACY)),
            number(state, ITERATION),
            number(state, SAMPLES),
            weights,
            buffers));
  }

  private static long number(Map<String, String> state, String key) {
    return Long.parseLong(state.getOrDefault(key, "0"));
  }

  private static double decimal(Map<String, String> state, String key) {
    return Double.parseDouble(state.getOrDefault(key, "NaN"));
  }
}
