package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
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
 */
public record Checkpoint(
    WorkerId worker,
    Map<String, String> state,
    ParameterLayout layout,
    MemorySegment weights,
    Map<String, MemorySegment> memories,
    ParameterLayout bufferLayout,
    MemorySegment buffers) {
  /** Copies the maps, not the memory. */
  public Checkpoint {
    state = Map.copyOf(state);
    memories = Map.copyOf(memories);
  }

  /** The same in memory of its own, which no later event changes. */
  public Checkpoint copy() {
    Map<String, MemorySegment> copies = new TreeMap<>();
    memories.forEach((name, memory) -> copies.put(name, copy(memory)));
    return new Checkpoint(
        worker, state, layout, copy(weights), copies, bufferLayout, copy(buffers));
  }

  private static MemorySegment copy(MemorySegment values) {
    return MemorySegment.ofArray(values.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
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
