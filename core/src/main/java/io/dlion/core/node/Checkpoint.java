package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.stream.FeedState;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All that a worker needs to go on where it was. The segments are views of live memory: whoever
 * saves a checkpoint does so before the node handles another event. Residuals are not part of it:
 * what was not sent yet is lost in a restart.
 *
 * @param worker whose it is
 * @param state counters and controllers, as text
 * @param layout of the weights and the memories
 * @param weights float32
 * @param memories of the optimizers, by name ({@code velocity}), float32; none for plain SGD
 * @param bufferLayout of the buffers
 * @param buffers float32
 * @param best the best model that evaluations have found, where that is kept
 * @param feed where the stream stands that the worker learns from, if it does
 */
public record Checkpoint(
    WorkerId worker,
    Map<String, String> state,
    ParameterLayout layout,
    MemorySegment weights,
    Map<String, MemorySegment> memories,
    ParameterLayout bufferLayout,
    MemorySegment buffers,
    Optional<BestModel> best,
    Optional<FeedState> feed) {
  /** Key in the state of how many evaluations in a row were no better than the best. */
  public static final String WITHOUT_BETTER = "evaluations-without-better";

  /** Copies the maps, not the memory. */
  public Checkpoint {
    state = Map.copyOf(state);
    memories = Map.copyOf(memories);
  }

  /** A checkpoint of a worker that keeps no best model. */
  public Checkpoint(
      WorkerId worker,
      Map<String, String> state,
      ParameterLayout layout,
      MemorySegment weights,
      Map<String, MemorySegment> memories,
      ParameterLayout bufferLayout,
      MemorySegment buffers) {
    this(worker, state, layout, weights, memories, bufferLayout, buffers, Optional.empty());
  }

  /** A checkpoint of a worker that learns from examples in memory. */
  public Checkpoint(
      WorkerId worker,
      Map<String, String> state,
      ParameterLayout layout,
      MemorySegment weights,
      Map<String, MemorySegment> memories,
      ParameterLayout bufferLayout,
      MemorySegment buffers,
      Optional<BestModel> best) {
    this(worker, state, layout, weights, memories, bufferLayout, buffers, best, Optional.empty());
  }

  /** The same with where a stream stands. */
  public Checkpoint with(FeedState stream) {
    return new Checkpoint(
        worker, state, layout, weights, memories, bufferLayout, buffers, best, Optional.of(stream));
  }

  /** The same with more in its state. */
  public Checkpoint with(Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(state);
    all.putAll(more);
    return new Checkpoint(
        worker, all, layout, weights, memories, bufferLayout, buffers, best, feed);
  }

  /** The same in memory of its own, which no later event changes. */
  public Checkpoint copy() {
    Map<String, MemorySegment> copies = new TreeMap<>();
    memories.forEach((name, memory) -> copies.put(name, BestModel.copy(memory)));
    return new Checkpoint(
        worker,
        state,
        layout,
        BestModel.copy(weights),
        copies,
        bufferLayout,
        BestModel.copy(buffers),
        best.map(BestModel::copy),
        feed);
  }

  /** The worker's next iteration. */
  public long iteration() {
    return number("iteration");
  }

  /** A whole number of the state; 0 where it says nothing. */
  public long number(String key) {
    return Long.parseLong(state.getOrDefault(key, "0"));
  }
}
