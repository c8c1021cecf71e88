package io.dlion.data;

import io.dlion.core.learn.Examples;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Single examples as arrays. */
public final class Copies {
  private Copies() {}

  public static float[] input(Examples examples, int row) {
    return segments(examples, row)[0].toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  public static long[] symbols(Examples examples, int row) {
    return segments(examples, row)[0].toArray(ValueLayout.JAVA_LONG_UNALIGNED);
  }

  public static long[] targets(Examples examples, int row) {
    return segments(examples, row)[1].toArray(ValueLayout.JAVA_LONG_UNALIGNED);
  }

  /** Input and target. */
  static byte[][] bytes(Examples examples, int row) {
    MemorySegment[] both = segments(examples, row);
    return new byte[][] {
      both[0].toArray(ValueLayout.JAVA_BYTE), both[1].toArray(ValueLayout.JAVA_BYTE)
    };
  }

  public static float realTarget(Examples examples, int row) {
    return segments(examples, row)[1].get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0);
  }

  private static MemorySegment[] segments(Examples examples, int row) {
    var shape = examples.shape();
    MemorySegment input =
        MemorySegment.ofArray(new byte[shape.inputElements() * shape.inputElementBytes()]);
    MemorySegment target =
        MemorySegment.ofArray(new byte[shape.targetElements() * shape.targetElementBytes()]);
    examples.copy(new int[] {row}, 1, input, target);
    return new MemorySegment[] {input, target};
  }
}
