package io.dlion.core.exchange;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.wire.GradientMessage;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Gradients of others that go out together with the next own one, for exchanges that keep no
 * residual. Not thread safe.
 */
final class Relayed {
  private final float[] sum;
  private boolean empty = true;

  Relayed(int size) {
    this.sum = new float[size];
  }

  void add(GradientMessage message) {
    message.addTo(sum, 1);
    empty = false;
  }

  boolean isEmpty() {
    return empty;
  }

  /** Adds an own gradient, times {@code scale}; valid until the next call. */
  MemorySegment join(MemorySegment gradient, float scale) {
    Blocks.addScaled(gradient, scale, sum);
    return MemorySegment.ofArray(sum);
  }

  /** The sum has been sent, or is forgotten. */
  void clear() {
    Arrays.fill(sum, 0f);
    empty = true;
  }
}
