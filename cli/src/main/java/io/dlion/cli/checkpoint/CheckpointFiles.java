package io.dlion.cli.checkpoint;

import io.dlion.cluster.worker.CheckpointStore;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.node.Checkpoint;
import io.dlion.data.tensor.NamedTensor;
import io.dlion.data.tensor.Safetensors;
import io.dlion.engine.ModelSpec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The checkpoints of a run: one safetensors file per worker, replaced atomically, so that the last
 * whole one is there whenever the process is killed. Tensors of an optimizer's memory are named
 * {@code MEMORY/NAME}: {@code velocity/conv1.weight}.
 *
 * @param about what each says of its model, as {@link ModelFile} does, beside the worker's state
 */
public record CheckpointFiles(Path folder, Map<String, String> about) implements CheckpointStore {
  /**
   * Key of how many samples the run had learned from when it last began anew with new data: its
   * counters have begun anew then.
   */
  public static final String SAMPLES_BEFORE = "samples-before";

  /** To read from. */
  public CheckpointFiles(Path folder) {
    this(folder, Map.of());
  }

  @Override
  public void save(Checkpoint checkpoint) throws IOException {
    List<NamedTensor> tensors = new ArrayList<>();
    tensors.addAll(Safetensors.tensors(checkpoint.layout(), checkpoint.weights()));
    tensors.addAll(Safetensors.tensors(checkpoint.bufferLayout(), checkpoint.buffers()));
    checkpoint
        .memories()
        .forEach((memory, values) -> {
          for (NamedTensor t : Safetensors.tensors(checkpoint.layout(), values)) {
            tensors.add(new NamedTensor(memory + "/" + t.name(), t.shape(), t.values()));
          }
        });
    Map<String, String> metadata = new TreeMap<>(checkpoint.state());
    checkpoint.best().ifPresent(best -> BestTensors.add(checkpoint, best, tensors, metadata));
    checkpoint.feed().ifPresent(feed -> StreamTensors.add(feed, tensors, metadata));
    metadata.putAll(about);
    metadata.put(ModelFile.SAVED, Instant.now().toString());
    Safetensors.write(file(checkpoint.worker()), tensors, metadata);
  }

  private Path file(WorkerId worker) {
    return folder.resolve(worker + ".safetensors");
  }

  /** Whether a worker has one. */
  boolean has(WorkerId worker) {
    return Files.isRegularFile(file(worker));
  }

  /**
   * Reads a worker's checkpoint.
   *
   * @throws UserError where there is none, it is not whole, or it is of another model
   */
  public Checkpoint load(WorkerId worker, ParameterLayout layout, ParameterLayout bufferLayout)
      throws IOException {
    Path file = file(worker);
    Safetensors saved = Safetensors.read(file);
    MemorySegment weights = Arena.ofAuto().allocate(layout.bytes(), 64);
    saved.copyTo(layout, weights, file);
    MemorySegment buffers = Arena.ofAuto().allocate(bufferLayout.bytes(), 64);
    saved.copyTo(bufferLayout, buffers, file);
    return new Checkpoint(
        worker,
        ModelFile.without(saved.metadata()),
        layout,
        weights,
        memories(saved, layout, file),
        bufferLayout,
        buffers,
        BestTensors.find(saved, layout, bufferLayout, file),
        StreamTensors.find(saved));
  }

  /**
   * Where a worker begins that has a model and nothing else. It evaluates it first, so that it is
   * known how good it is on the new data, and kept if training makes it no better.
   */
  static Checkpoint beginning(WorkerId worker, Safetensors saved, Path file, ModelSpec model) {
    ParameterLayout layout = model.parameters();
    MemorySegment weights = Arena.ofAuto().allocate(layout.bytes(), 64);
    saved.copyTo(layout, weights, file);
    MemorySegment buffers = Arena.ofAuto().allocate(model.bufferLayout().bytes(), 64);
    saved.copyTo(model.bufferLayout(), buffers, file);
    return new Checkpoint(
        worker,
        Map.of("evaluation-due", "true"),
        layout,
        weights,
        Map.of("average", weights),
        model.bufferLayout(),
        buffers);
  }

  /** All samples that a run's checkpoints tell of; those that cannot be read tell of none. */
  long samples(List<WorkerId> workers) throws IOException {
    long before = 0;
    long since = 0;
    for (WorkerId worker : workers) {
      if (has(worker)) {
        try {
          Map<String, String> state = Safetensors.read(file(worker)).metadata();
          before = Math.max(before, Long.parseLong(state.getOrDefault(SAMPLES_BEFORE, "0")));
          since += Long.parseLong(state.getOrDefault("samples", "0"));
        } catch (UserError | NumberFormatException e) {
          // The run's model is what counts; this is only told.
        }
      }
    }
    return before + since;
  }

  private static Map<String, MemorySegment> memories(
      Safetensors saved, ParameterLayout layout, Path file) {
    String first = "/" + layout.variables().getFirst().name();
    Map<String, MemorySegment> memories = new TreeMap<>();
    for (NamedTensor tensor : saved.tensors()) {
      if (tensor.name().endsWith(first) && !tensor.name().startsWith(BestTensors.PREFIX)) {
        String memory = tensor.name().substring(0, tensor.name().length() - first.length());
        memories.put(memory, memory(memory + "/", saved, layout, file));
      }
    }
    return memories;
  }

  /** The tensors whose names begin with that, without it. */
  static Safetensors named(String prefix, Safetensors saved) {
    return new Safetensors(
        saved.tensors().stream()
            .filter(t -> t.name().startsWith(prefix))
            .map(t -> new NamedTensor(t.name().substring(prefix.length()), t.shape(), t.values()))
            .toList(),
        saved.metadata());
  }

  private static MemorySegment memory(
      String prefix, Safetensors saved, ParameterLayout layout, Path file) {
    MemorySegment values = Arena.ofAuto().allocate(layout.bytes(), 64);
    named(prefix, saved).copyTo(layout, values, file);
    return values;
  }
}
