package io.dlion.emulator.stream;

import io.dlion.core.WorkerId;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Seeds;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Test examples with the labels that hold at a time. Each example is seen at the site of one of the
 * workers, in turn, so that what holds at some sites only counts for their part.
 *
 * @param tests with the labels of the data set, which has classes
 * @param labels what they become
 * @param workers that learn
 * @param nanos since the run began
 */
record DriftedTests(Examples tests, LabelDrift labels, List<WorkerId> workers, long nanos)
    implements Examples {
  @Override
  public int count() {
    return tests.count();
  }

  @Override
  public ExampleShape shape() {
    return tests.shape();
  }

  @Override
  public void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets) {
    tests.copy(rows, size, inputs, targets);
    for (int i = 0; i < size; i++) {
      long at = (long) i * Long.BYTES;
      int label = (int) targets.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
      targets.set(ValueLayout.JAVA_LONG_UNALIGNED, at, drifted(label, rows[i]));
    }
  }

  @Override
  public int label(int row) {
    return drifted(tests.label(row), row);
  }

  private int drifted(int label, int row) {
    long example = Seeds.derive(row, "test");
    WorkerId where = workers.get((int) Math.floorMod(example, (long) workers.size()));
    return labels.label(label, where, nanos, Seeds.derive(example, "drift"));
  }
}
