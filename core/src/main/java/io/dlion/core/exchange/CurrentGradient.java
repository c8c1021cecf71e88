package io.dlion.core.exchange;

import io.dlion.core.kernel.Blocks;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The gradient of the last batch and nothing else: what is not sent of it is forgotten ({@code
 * residual: drop}). Not thread safe.
 */
final class CurrentGradient implements Pending {
  private final MemorySegment gradient;
  private final float[] block = new float[Blocks.BLOCK];

  CurrentGradient(MemorySegment gradient) {
    this.gradient = gradient;
  }

  @Override
  public void read(int offset, int count, float[] to) {
    Blocks.read(gradient, offset, count, to);
  }

  @Override
  public void mark(int offset, int count, float inverse, int[] marks) {
    Blocks.read(gradient, offset, count, block);
    for (int i = 0; i < count; i++) {
      marks[i] = Math.min(1, (int) (Math.abs(block[i]) * inverse));
    }
  }

  @Override
  public void pick(int offset, int[] positions, int count, float[] values) {
    for (int i = 0; i < count; i++) {
      values[i] = gradient.getAtIndex(ValueLayout.JAVA_FLOAT, offset + positions[i]);
    }
  }

  @Override
  public void sent(int offset, int count, float[] values) {}

  @Override
  public void sent(int offset, int[] indices, float[] values, int first, int end) {}
}
