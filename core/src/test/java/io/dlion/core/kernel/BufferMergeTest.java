package io.dlion.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class BufferMergeTest {
  private static final ParameterLayout LAYOUT =
      new ParameterLayout.Builder().add("mean", 2).addCount("batches").build();
  private static final Variable COUNT = LAYOUT.variables().getLast();

  private static MemorySegment buffers(float mean, int batches) {
    float[] values = new float[LAYOUT.size()];
    values[0] = mean;
    values[1] = 2 * mean;
    values[COUNT.offset()] = batches;
    return MemorySegment.ofArray(values);
  }

  private static void assertHolds(MemorySegment found, float mean, int batches) {
    assertThat(found.toArray(ValueLayout.JAVA_FLOAT))
        .containsExactly(buffers(mean, batches).toArray(ValueLayout.JAVA_FLOAT));
  }

  @Test
  void statisticsAreAveragedAndTheLargestCountIsKept() {
    BufferMerge merge = new BufferMerge(LAYOUT);
    merge.add(buffers(1, 16_777_216));
    merge.add(buffers(5, 7));
    assertHolds(merge.merged(), 3, 16_777_216);
    merge.add(buffers(-3, 9));
    assertHolds(merge.merged(), 1, 16_777_216);
  }

  @Test
  void aShareOfAnotherReplicaMovesStatisticsOnly() {
    MemorySegment own = buffers(1, 3);
    BufferMerge.blend(LAYOUT, own, buffers(5, 8), 0.25f);
    assertHolds(own, 2, 8);
    BufferMerge.blend(LAYOUT, own, buffers(2, 1), 0.5f);
    assertHolds(own, 2, 8);
  }
}
