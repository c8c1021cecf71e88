package io.dlion.cli.run;

import io.dlion.cluster.CheckpointStore;
import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.node.Checkpoint;
import io.dlion.data.NamedTensor;
import io.dlion.data.Safetensors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The checkpoints of a run: one safetensors file per worker, replaced atomically, so that the last
 * whole one is there whenever the process is killed. Tensors of the optimizer are named {@code
 * velocity/NAME}.
 */
record CheckpointFiles(Path folder) implements CheckpointStore {
  private static final String VELOCITY = "velocity/";

  @Override
  public void save(Checkpoint checkpoint) throws IOException {
    List<NamedTensor> tensors = new ArrayList<>();
    tensors.addAll(Safetensors.tensors(checkpoint.layout(), checkpoint.weights()));
    tensors.addAll(Safetensors.tensors(checkpoint.bufferLayout(), checkpoint.buffers()));
    if (checkpoint.velocity().byteSize() > 0) {
      for (NamedTensor t : Safetensors.tensors(checkpoint.layout(), checkpoint.velocity())) {
        tensors.add(new NamedTensor(VELOCITY + t.name(), t.shape(), t.values()));
      }
    }
    Safetensors.write(file(checkpoint.worker()), tensors, checkpoint.state());
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
  Checkpoint load(WorkerId worker, ParameterLayout layout, ParameterLayout bufferLayout)
      throws IOException {
    Path file = file(worker);
    Safetensors saved = Safetensors.read(file);
    MemorySegment weights = Arena.ofAuto().allocate(layout.bytes(), 64);
    saved.copyTo(layout, weights, file);
    MemorySegment buffers = Arena.ofAuto().allocate(bufferLayout.bytes(), 64);
    saved.copyTo(bufferLayout, buffers, file);
    return new Checkpoint(
        worker,
        saved.metadata(),
        layout,
        weights,
        velocity(saved, layout, file),
        bufferLayout,
        buffers);
  }

  private static MemorySegment velocity(Safetensors saved, ParameterLayout layout, Path file) {
    List<NamedTensor> named =
        saved.tensors().stream()
            .filter(t -> t.name().startsWith(VELOCITY))
            .map(t -> new NamedTensor(t.name().substring(VELOCITY.length()), t.shape(), t.values()))
            .toList();
    if (named.isEmpty()) {
      return MemorySegment.NULL;
    }
    MemorySegment velocity = Arena.ofAuto().allocate(layout.bytes(), 64);
    new Safetensors(named, saved.metadata()).copyTo(layout, velocity, file);
    return velocity;
  }
}
