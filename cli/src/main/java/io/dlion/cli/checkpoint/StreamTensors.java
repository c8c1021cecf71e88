package io.dlion.cli.checkpoint;

import io.dlion.core.stream.FeedState;
import io.dlion.data.tensor.ElementType;
import io.dlion.data.tensor.NamedTensor;
import io.dlion.data.tensor.Safetensors;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where a worker's stream stands, in its checkpoint: counters, and the examples for replay. */
final class StreamTensors {
  private static final String COUNTER = "feed.";
  private static final String REPLAY = "feed/replay";

  private StreamTensors() {}

  static void add(FeedState feed, List<NamedTensor> tensors, Map<String, String> metadata) {
    feed.counters().forEach((key, value) -> metadata.put(COUNTER + key, value));
    if (feed.examples() > 0) {
      List<Long> shape = List.of((long) feed.examples(), feed.exampleBytes());
      tensors.add(new NamedTensor(REPLAY, ElementType.U8, shape, feed.replay()));
    }
  }

  /** Where the stream stood; empty in a checkpoint of a worker without one. */
  static Optional<FeedState> find(Safetensors saved) {
    Map<String, String> counters = new TreeMap<>();
    saved
        .metadata()
        .forEach((key, value) -> {
          if (key.startsWith(COUNTER)) {
            counters.put(key.substring(COUNTER.length()), value);
          }
        });
    if (counters.isEmpty()) {
      return Optional.empty();
    }
    Optional<NamedTensor> replay =
        saved.tensors().stream().filter(t -> t.name().equals(REPLAY)).findFirst();
    return Optional.of(
        new FeedState(
            counters,
            replay.map(t -> Math.toIntExact(t.shape().getFirst())).orElse(0),
            replay.map(NamedTensor::values).orElse(MemorySegment.NULL)));
  }
}
