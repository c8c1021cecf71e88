package io.dlion.core.exchange;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.wire.GradientSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A gradient that becomes what its receivers see of it, so that its own worker applies the very
 * same values and replicas stay equal bit by bit, whatever the format.
 */
record RoundedGradient(MemorySegment gradient) implements GradientSource {
  @Override
  public void read(int offset, int count, float[] block) {
    Blocks.read(gradient, offset, count, block);
  }

  @Override
  public void sent(int offset, int count, float[] block) {
    Blocks.write(block, count, gradient, offset);
  }

  @Override
  public void sent(int offset, int[] indices, float[] values, int first, int end) {
    for (int i = first; i < end; i++) {
      gradient.setAtIndex(ValueLayout.JAVA_FLOAT, (long) offset + indices[i], values[i]);
    }
  }
}
