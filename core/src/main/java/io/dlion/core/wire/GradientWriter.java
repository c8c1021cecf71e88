package io.dlion.core.wire;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.StochasticRounding;
import io.dlion.core.layout.Variable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Encodes selections of a gradient straight into the bytes that are sent. Values pass a lossy
 * format's rounding first, and the source is told what the receiver will see, so that rounding
 * errors stay with the residual. Not thread safe.
 */
public final class GradientWriter {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final ValueFormat format;
  private final StochasticRounding rounding;
  private final TwoBits twoBits = new TwoBits();
  private final float[] block = new float[Blocks.BLOCK];
  private final float[] maxima = new float[Blocks.BLOCK];

  private byte[] out = {};
  private int at;

  /**
   * A writer of one value format.
   *
   * @param seed of stochastic rounding
   */
  public GradientWriter(ValueFormat format, long seed) {
    this.format = format;
    this.rounding = new StochasticRounding(seed);
  }

  /** Encodes a message of {@link EncodedSize#exact} bytes and those of the header's extension. */
  public Payload write(
      Selection selection, GradientSource source, GradientHeader header, Buffers buffers) {
    return write(MessageType.GRADIENT, selection, source, header, Trailer.NONE, buffers);
  }

  /** What stands behind the values of a message. */
  interface Trailer {
    /** Nothing. */
    Trailer NONE =
        new Trailer() {
          @Override
          public int bytes() {
            return 0;
          }

          @Override
          public void write(byte[] b, int at) {}
        };

    /** Encoded size. */
    int bytes();

    /** Writes itself. */
    void write(byte[] b, int at);
  }

  /** The same as a message of another type, with something behind the values. */
  Payload write(
      MessageType type,
      Selection selection,
      GradientSource source,
      GradientHeader header,
      Trailer trailer,
      Buffers buffers) {
    int values = Math.toIntExact(EncodedSize.exact(selection, format) + header.extension().bytes());
    int size = Math.addExact(values, trailer.bytes());
    out = buffers.take(size);
    header.write(out, format);
    at = Frame.BYTES + header.bytes();
    for (int v = 0; v < selection.layout().variables().size(); v++) {
      Variable variable = selection.layout().variables().get(v);
      EncodedSize.Form form = EncodedSize.form(selection, v, format);
      out[at++] = (byte) form.ordinal();
      switch (form) {
        case NOTHING -> {}
        case WHOLE -> writeNeighbours(source, variable.offset(), variable.count());
        case RANGE -> {
          at = Bytes.putVarint(out, at, selection.rangeCount(v));
          at = Bytes.putVarint(out, at, selection.rangeFrom(v));
          writeNeighbours(
              source, variable.offset() + selection.rangeFrom(v), selection.rangeCount(v));
        }
        case DIFFERENCES -> {
          at = Bytes.putVarint(out, at, selection.entries(v));
          writeDifferences(selection, v);
          writeEntries(selection, v, source);
        }
        case BITMAP -> {
          at = Bytes.putVarint(out, at, selection.entries(v));
          writeBitmap(selection, v, variable.count());
          writeEntries(selection, v, source);
        }
      }
    }
    if (at != values) {
      throw new IllegalStateException("encoded " + at + " bytes, " + values + " were announced");
    }
    trailer.write(out, at);
    Frame.seal(out, size, type, selection.layout().fingerprint());
    Payload payload = new Payload(out, size);
    out = new byte[0];
    return payload;
  }

  private void writeNeighbours(GradientSource source, int from, int size) {
    float scale = 0;
    if (format == ValueFormat.INT8) {
      Arrays.fill(maxima, 0f);
      for (int i = 0; i < size; i += Blocks.BLOCK) {
        int count = Math.min(Blocks.BLOCK, size - i);
        source.read(from + i, count, block);
        Blocks.raise(block, count, maxima);
      }
      float max = 0;
      for (float m : maxima) {
        max = Math.max(max, m);
      }
      scale = writeScale(max);
    }
    for (int i = 0; i < size; i += Blocks.BLOCK) {
      int count = Math.min(Blocks.BLOCK, size - i);
      source.read(from + i, count, block);
      writeValues(block, 0, count, scale);
      source.sent(from + i, count, block);
    }
  }

  private void writeDifferences(Selection selection, int v) {
    int[] index = selection.indices();
    int first = selection.firstEntry(v);
    int end = first + selection.entries(v);
    byte[] b = out;
    int to = at;
    int last = -1;
    for (int i = first; i < end; i++) {
      int difference = index[i] - last - 1;
      last = index[i];
      if (difference < 1 << 14) {
        // One byte or two, without a branch nobody could predict: values follow, so there is room.
        int two = (0x7f - difference) >>> 31;
        b[to] = (byte) ((difference & 0x7f) | (two << 7));
        b[to + 1] = (byte) (difference >> 7);
        to += 1 + two;
      } else {
        to = Bytes.putVarint(b, to, difference);
      }
    }
    at = to;
  }

  private void writeBitmap(Selection selection, int v, int count) {
    int bytes = EncodedSize.bitmapBytes(count);
    int[] index = selection.indices();
    int i = selection.firstEntry(v);
    int end = i + selection.entries(v);
    for (int from = 0; from < bytes; from += 8) {
      long word = 0;
      for (int beyond = 8 * (from + 8); i < end && index[i] < beyond; i++) {
        word |= 1L << index[i]; // of the shift only the last six bits count
      }
      if (from + 8 <= bytes) {
        Bytes.putLong(out, at + from, word);
      } else {
        Bytes.putLongPart(out, at + from, word, bytes - from);
      }
    }
    at += bytes;
  }

  private void writeEntries(Selection selection, int v, GradientSource source) {
    float[] values = selection.values();
    int first = selection.firstEntry(v);
    int end = first + selection.entries(v);
    float scale = 0;
    if (format == ValueFormat.INT8) {
      float max = 0;
      for (int i = first; i < end; i++) {
        max = Math.max(max, Math.abs(values[i]));
      }
      scale = writeScale(max);
    }
    writeValues(values, first, end - first, scale);
    int offset = selection.layout().variables().get(v).offset();
    source.sent(offset, selection.indices(), values, first, end);
  }

  private float writeScale(float max) {
    float scale = max / 127f;
    if (127 * scale == Float.POSITIVE_INFINITY) {
      scale = Math.nextDown(scale); // near the largest float the quotient may have been rounded up
    }
    Bytes.putFloat(out, at, scale);
    at += 4;
    return scale;
  }

  /** Writes values and leaves in the array what the receiver will read. */
  private void writeValues(float[] values, int first, int count, float scale) {
    switch (format) {
      case FP32 -> MemorySegment.copy(values, first, MemorySegment.ofArray(out), FLOAT, at, count);
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          short half = ValueFormat.toBf16(values[first + i]);
          Bytes.putShort(out, at + 2 * i, half);
          values[first + i] = ValueFormat.fromBf16(half);
        }
      }
      case INT8 -> {
        for (int i = 0; i < count; i += Blocks.BLOCK) {
          int some = Math.min(Blocks.BLOCK, count - i);
          rounding.round(values, first + i, some, scale, out, at + i);
        }
      }
      case INT4 -> FourBits.write(values, first, count, out, at);
      case INT2 -> twoBits.write(values, first, count, out, at);
    }
    at += Math.toIntExact(format.bytes(count));
  }
}
