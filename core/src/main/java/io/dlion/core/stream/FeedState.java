package io.dlion.core.stream;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * All that a worker needs to go on with its stream where it was.
 *
 * @param counters position and counts, as text
 * @param examples number of those kept for replay
 * @param replay their bytes, one behind the other; may be a view of live memory
 */
public record FeedState(Map<String, String> counters, int examples, MemorySegment replay) {
  /** Copies the map. */
  public FeedState {
    counters = Map.copyOf(counters);
  }

  /** Bytes of an example; 0 where there is none. */
  public long exampleBytes() {
    return examples == 0 ? 0 : replay.byteSize() / examples;
  }
}
