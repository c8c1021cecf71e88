package io.dlion.cli.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.stream.FeedState;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamTensorsTest {
  private static final WorkerId W1 = new WorkerId("w1");
  private static final ParameterLayout LAYOUT =
      new ParameterLayout.Builder().add("conv.weight", 5).add("bias", 2).build();
  private static final ParameterLayout BUFFERS =
      new ParameterLayout.Builder().add("mean", 3).build();

  @TempDir private Path folder;

  private static MemorySegment numbers(ParameterLayout layout, int from) {
    float[] values = new float[layout.size()];
    layout
        .variables()
        .forEach(v -> {
          for (int i = v.offset(); i < v.end(); i++) {
            values[i] = from + i;
          }
        });
    return MemorySegment.ofArray(values);
  }

  private static Checkpoint checkpoint() {
    return new Checkpoint(
        W1,
        Map.of("iteration", "12", "stream.drifts", "2"),
        LAYOUT,
        numbers(LAYOUT, 1),
        Map.of("velocity", numbers(LAYOUT, 100)),
        BUFFERS,
        numbers(BUFFERS, 50));
  }

  private Checkpoint saved(Checkpoint checkpoint) throws IOException {
    CheckpointFiles files = new CheckpointFiles(folder, Map.of("dlion.model", "mlp"));
    files.save(checkpoint);
    return files.load(W1, LAYOUT, BUFFERS);
  }

  @Test
  void aCheckpointHasWhereTheStreamStandsAndWhatIsReplayed() throws IOException {
    MemorySegment replay = MemorySegment.ofArray(new byte[3 * 12]);
    for (int i = 0; i < 36; i++) {
      replay.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 7));
    }
    Map<String, String> counters = Map.of("position", "0=12;1=7", "hash", "ffff", "learned", "9");
    Checkpoint read = saved(checkpoint().with(new FeedState(counters, 3, replay)));
    FeedState feed = read.feed().orElseThrow();
    assertThat(feed.counters()).isEqualTo(counters);
    assertThat(feed.examples()).isEqualTo(3);
    assertThat(feed.exampleBytes()).isEqualTo(12);
    assertThat(feed.replay().mismatch(replay)).isEqualTo(-1);
    assertThat(read.number("stream.drifts")).isEqualTo(2);
    assertThat(read.memories()).containsOnlyKeys("velocity");
    assertThat(read.weights().asSlice(0, 20).mismatch(numbers(LAYOUT, 1).asSlice(0, 20)))
        .isEqualTo(-1);
  }

  @Test
  void aStreamThatHasKeptNothingIsThereAllTheSame() throws IOException {
    FeedState nothing = new FeedState(Map.of("position", ""), 0, MemorySegment.NULL);
    FeedState read = saved(checkpoint().with(nothing)).feed().orElseThrow();
    assertThat(read.counters()).containsEntry("position", "");
    assertThat(read.examples()).isZero();
    assertThat(read.exampleBytes()).isZero();
  }

  @Test
  void aWorkerWithoutAStreamHasNone() throws IOException {
    assertThat(saved(checkpoint()).feed()).isEqualTo(Optional.empty());
  }
}
