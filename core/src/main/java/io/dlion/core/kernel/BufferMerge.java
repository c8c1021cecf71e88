package io.dlion.core.kernel;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Makes the buffers of one model of those of several replicas: the mean of statistics, and the
 * largest of counts, such as of the batches that went into a statistic. Not thread safe.
 */
public final class BufferMerge {
  private final ParameterLayout layout;
  private final float[] merged;
  private int replicas;

  /** A merge of no replicas. */
  public BufferMerge(ParameterLayout layout) {
    this.layout = layout;
    this.merged = new float[layout.size()];
  }

  /** Takes a replica's buffers into account. */
  public void add(MemorySegment buffers) {
    replicas++;
    blend(layout, MemorySegment.ofArray(merged), buffers, 1f / replicas);
  }

  /** The buffers of all that were added. */
  public MemorySegment merged() {
    return MemorySegment.ofArray(merged);
  }

  /**
   * {@code into = (1 − share) · into + share · from} for statistics, and the larger one for counts.
   */
  public static void blend(
      ParameterLayout layout, MemorySegment into, MemorySegment from, float share) {
    for (Variable v : layout.variables()) {
      MemorySegment own = slice(into, v);
      MemorySegment other = slice(from, v);
      if (layout.isCount(v)) {
        takeLarger(own, other, v.count());
      } else {
        Blocks.blend(own, other, v.count(), share);
      }
    }
  }

  private static void takeLarger(MemorySegment own, MemorySegment other, int count) {
    for (int i = 0; i < count; i++) {
      float larger =
          Math.max(
              own.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i),
              other.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i));
      own.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, larger);
    }
  }

  private static MemorySegment slice(MemorySegment values, Variable v) {
    return values.asSlice(4L * v.offset(), 4L * v.count());
  }
}
