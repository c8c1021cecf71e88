package io.dlion.data.text;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Examples;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Windows of a text, one after the other without overlap; the target of each symbol is the one that
 * follows it, so neighbouring windows share one symbol. Symbols at the end that do not fill a
 * window are not used. Two bytes a symbol. Immutable, thread safe.
 */
final class TextExamples implements Examples {
  private final char[] symbols;
  private final int from;
  private final int count;
  private final int length;
  private final ExampleShape shape;

  /** Windows over {@code symbols[from..to)}; keeps the array, which must not change. */
  TextExamples(char[] symbols, int from, int to, ExampleShape shape) {
    this.symbols = symbols;
    this.from = from;
    this.length = shape.inputElements();
    this.count = (to - from - 1) / length;
    this.shape = shape;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public ExampleShape shape() {
    return shape;
  }

  @Override
  public void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets) {
    long at = 0;
    for (int i = 0; i < size; i++) {
      int first = from + rows[i] * length;
      for (int k = first; k < first + length; k++) {
        inputs.set(ValueLayout.JAVA_LONG_UNALIGNED, at, symbols[k]);
        targets.set(ValueLayout.JAVA_LONG_UNALIGNED, at, symbols[k + 1]);
        at += 8;
      }
    }
  }

  @Override
  public int label(int row) {
    return -1;
  }
}
