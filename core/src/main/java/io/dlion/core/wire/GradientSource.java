package io.dlion.core.wire;

/**
 * Values waiting to be sent, in the order of a parameter layout, and the memory of what has been.
 */
public interface GradientSource {
  /** Copies {@code count} values from number {@code offset} to the start of {@code block}. */
  void read(int offset, int count, float[] block);

  /**
   * These values were put into a message: {@code block[i]}, as the receiver will see it, for {@code
   * offset + i}.
   */
  void sent(int offset, int count, float[] block);

  /**
   * Single values were put into a message: {@code values[i]}, as the receiver will see it, for
   * {@code offset + indices[i]}, with i from {@code first} to before {@code end}.
   */
  void sent(int offset, int[] indices, float[] values, int first, int end);
}
