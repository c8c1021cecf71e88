package io.dlion.core.exchange;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.wire.GradientSource;
import java.lang.foreign.MemorySegment;

/**
 * The gradient of the last batch and nothing else: what is not sent of it is forgotten ({@code
 * residual: drop}).
 */
record CurrentGradient(MemorySegment gradient) implements GradientSource {
  @Override
  public void read(int offset, int count, float[] block) {
    Blocks.read(gradient, offset, count, block);
  }

  @Override
  public void sent(int offset, int count, float[] block) {}

  @Override
  public void sent(int offset, float value) {}
}
