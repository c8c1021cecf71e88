package io.dlion.core.wire;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import java.util.Arrays;

/**
 * How many bytes a gradient takes before it is encoded, without what an update rule adds to its
 * header ({@link HeaderExtension#bytes}). Budgets are kept by these figures: {@link #exact} equals
 * what {@link GradientWriter} writes, {@link #expected} guesses it from counts alone while N is
 * being searched.
 *
 * <p>A variable is one tag byte, then nothing; or all its values; or a count, indices as a bitmap
 * or as variable-length differences (whichever is smaller), and the values of the entries named; or
 * count, first index and values of a range.
 */
public final class EncodedSize {
  private EncodedSize() {}

  /** Bytes of a message that carries every entry of every variable, frame and header included. */
  public static long whole(ParameterLayout layout, ValueFormat format) {
    long bytes = Frame.BYTES + GradientHeader.BYTES;
    for (Variable v : layout.variables()) {
      bytes += wholeVariable(v.count(), format);
    }
    return bytes;
  }

  /** The same in the format that takes most: of a variable with few entries that is not fp32. */
  public static long wholeMax(ParameterLayout layout) {
    return Arrays.stream(ValueFormat.values())
        .mapToLong(format -> whole(layout, format))
        .max()
        .orElseThrow();
  }

  /** Bytes of a message besides its variables. */
  public static int fixed() {
    return Frame.BYTES + GradientHeader.BYTES;
  }

  /** Bytes of one variable when all of it is sent. */
  static long wholeVariable(int count, ValueFormat format) {
    return 1 + format.scaleBytes() + format.bytes(count);
  }

  /**
   * Bytes one variable is likely to take.
   *
   * @param count its elements
   * @param shown how many of them in blocks here and there can be sent
   * @param entries how many of these are, taken to be spread evenly
   */
  public static long expected(int count, int shown, int entries, ValueFormat format) {
    if (entries == 0) {
      return 1;
    }
    double density = (double) entries / shown;
    // A difference takes a second byte where no entry follows within 128 places, a third within
    // 16,384.
    double differences =
        entries * (1 + StrictMath.exp(-128 * density) + StrictMath.exp(-16384 * density));
    long indices = Math.min((long) Math.ceil(differences), bitmapBytes(count));
    return Math.min(wholeVariable(count, format), sparseBytes(entries, format) + indices);
  }

  /** Exact bytes of a message with this selection, frame and header included. */
  public static long exact(Selection selection, ValueFormat format) {
    long bytes = Frame.BYTES + GradientHeader.BYTES;
    for (int v = 0; v < selection.layout().variables().size(); v++) {
      int count = selection.layout().variables().get(v).count();
      bytes +=
          switch (form(selection, v, format)) {
            case NOTHING -> 1;
            case WHOLE -> wholeVariable(count, format);
            case RANGE -> rangeBytes(selection.rangeFrom(v), selection.rangeCount(v), format);
            case BITMAP -> sparseBytes(selection.entries(v), format) + bitmapBytes(count);
            case DIFFERENCES ->
                sparseBytes(selection.entries(v), format) + selection.differenceBytes(v);
          };
    }
    return bytes;
  }

  /** The forms a variable can take in a message; the ordinal is its tag. */
  enum Form {
    NOTHING,
    WHOLE,
    DIFFERENCES,
    BITMAP,
    RANGE
  }

  /** The smallest form for a variable. */
  static Form form(Selection selection, int variable, ValueFormat format) {
    int count = selection.layout().variables().get(variable).count();
    int entries = selection.entries(variable);
    int range = selection.rangeCount(variable);
    if (selection.isWhole(variable) || entries == count || range == count) {
      return Form.WHOLE;
    }
    if (range > 0) {
      return Form.RANGE;
    }
    if (entries == 0) {
      return Form.NOTHING;
    }
    // Each takes a byte at least: of many entries there is nothing to be counted.
    long differences = entries > bitmapBytes(count) ? entries : selection.differenceBytes(variable);
    long indices = Math.min(differences, bitmapBytes(count));
    if (wholeVariable(count, format) <= sparseBytes(entries, format) + indices) {
      return Form.WHOLE;
    }
    return differences <= bitmapBytes(count) ? Form.DIFFERENCES : Form.BITMAP;
  }

  /** Bytes of one variable when a range of it is sent. */
  static long rangeBytes(int from, int count, ValueFormat format) {
    return sparseBytes(count, format) + Bytes.varintSize(from);
  }

  /**
   * The greatest number of neighbouring elements of a model whose message does not exceed a budget,
   * wherever they lie; 0 or less if there is none.
   */
  public static long neighbours(ParameterLayout layout, ValueFormat format, long budgetBytes) {
    // A tag for every variable; of those touched the format's overhead, and of the two at the ends
    // of the range count and first index, five bytes each at most.
    long fixed = fixed() + (1L + format.overheadBytes()) * layout.variables().size() + 20;
    return Math.floorDiv((budgetBytes - fixed) * ValueFormat.GROUP, format.bytesOfGroup());
  }

  static int bitmapBytes(int count) {
    return (count + 7) / 8;
  }

  private static long sparseBytes(int entries, ValueFormat format) {
    return 1 + Bytes.varintSize(entries) + format.scaleBytes() + format.bytes(entries);
  }
}
