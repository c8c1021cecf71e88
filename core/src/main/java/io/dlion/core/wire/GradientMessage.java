package io.dlion.core.wire;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.Part;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A received gradient, validated as a whole before anything of it is applied: every index in range
 * and ascending, every value finite (scaled, too), every byte accounted for. Holds on to the
 * payload; not thread safe.
 */
public final class GradientMessage {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final ParameterLayout layout;
  private final Payload payload;
  private final GradientHeader header;
  private final ValueFormat format;
  private final List<Entries> parts = new ArrayList<>();
  private long entries;

  /** Where one variable's entries stand in the bytes, as validation found them. */
  private record Entries(
      Variable variable,
      EncodedSize.Form form,
      int first,
      int count,
      int indicesAt,
      int valuesAt,
      float scale) {
    boolean neighbours() {
      return form == EncodedSize.Form.WHOLE || form == EncodedSize.Form.RANGE;
    }
  }

  private GradientMessage(
      ParameterLayout layout, Payload payload, GradientHeader header, ValueFormat format) {
    this.layout = layout;
    this.payload = payload;
    this.header = header;
    this.format = format;
  }

  /**
   * Validates a message whose frame is already {@linkplain Frame#open opened}.
   *
   * @throws MalformedMessageException naming what is wrong and where
   */
  public static GradientMessage parse(Payload payload, ParameterLayout layout)
      throws MalformedMessageException {
    return parse(payload, layout, 0);
  }

  /** The same of a message with so many bytes of something else behind the values. */
  static GradientMessage parse(Payload payload, ParameterLayout layout, int trailerBytes)
      throws MalformedMessageException {
    GradientHeader header = GradientHeader.read(payload);
    GradientMessage message =
        new GradientMessage(layout, payload, header, GradientHeader.format(payload.bytes()));
    message.validate(payload.length() - trailerBytes);
    return message;
  }

  /** What stands before the values. */
  public GradientHeader header() {
    return header;
  }

  /** The bytes, which must stay as they are while this message is in use. */
  public Payload payload() {
    return payload;
  }

  /** Number of entries it carries. */
  public long entries() {
    return entries;
  }

  private void validate(int end) throws MalformedMessageException {
    Cursor c = new Cursor(payload, Frame.BYTES + header.bytes());
    EncodedSize.Form[] forms = EncodedSize.Form.values();
    for (Variable v : layout.variables()) {
      int form = c.unsignedByte(v);
      if (form >= forms.length) {
        throw new MalformedMessageException(v + ": unknown form " + form);
      }
      if (forms[form] != EncodedSize.Form.NOTHING) {
        Entries part = entries(v, forms[form], c);
        requireFinite(part);
        parts.add(part);
        entries += part.count;
      }
    }
    if (c.at() != end) {
      throw new MalformedMessageException(
          c.at() < end
              ? (end - c.at()) + " bytes too many at the end of a gradient"
              : (c.at() - end) + " bytes too few at the end of a message with a gradient");
    }
  }

  private Entries entries(Variable v, EncodedSize.Form form, Cursor c)
      throws MalformedMessageException {
    int first = 0;
    int count = v.count();
    int indicesAt = c.at();
    if (form != EncodedSize.Form.WHOLE) {
      count = c.varint(v);
      if (count < 1 || count > v.count()) {
        throw new MalformedMessageException(v + ": " + count + " entries of " + v.count());
      }
      indicesAt = c.at();
      if (form == EncodedSize.Form.RANGE) {
        first = c.varint(v);
        if (first > v.count() - count) {
          throw new MalformedMessageException(
              v + ": " + count + " entries from " + first + " of " + v.count());
        }
      } else if (form == EncodedSize.Form.BITMAP) {
        requireBits(v, count, c.skip(EncodedSize.bitmapBytes(v.count()), v));
      } else {
        requireIndices(v, count, c);
      }
    }
    float scale = format == ValueFormat.INT8 ? c.scale(v) : 1;
    int valuesAt = c.skip(format.bytes(count), v);
    return new Entries(v, form, first, count, indicesAt, valuesAt, scale);
  }

  /** Indices cannot but ascend; they are in range if the last one is. */
  private static void requireIndices(Variable v, int count, Cursor c)
      throws MalformedMessageException {
    long index = -1;
    for (int i = 0; i < count; i++) {
      index += 1L + c.varint(v);
    }
    if (index >= v.count()) {
      throw new MalformedMessageException(v + ": index " + index + " out of range");
    }
  }

  private void requireBits(Variable v, int count, int bitmapAt) throws MalformedMessageException {
    byte[] b = payload.bytes();
    int bytes = EncodedSize.bitmapBytes(v.count());
    int seen = 0;
    for (int i = 0; i < bytes; i += Long.BYTES) {
      seen += Long.bitCount(word(b, bitmapAt + i, bytes - i));
    }
    boolean beyond =
        (v.count() & 7) != 0 && (b[bitmapAt + bytes - 1] & 0xff) >> (v.count() & 7) != 0;
    if (seen != count || beyond) {
      throw new MalformedMessageException(
          v + ": bitmap does not have " + count + " bits within " + v.count());
    }
  }

  /** The next bits of a bitmap of which so many bytes are left. */
  private static long word(byte[] b, int at, int left) {
    return left >= Long.BYTES ? Bytes.getLong(b, at) : Bytes.getLongPart(b, at, left);
  }

  private void requireFinite(Entries part) throws MalformedMessageException {
    float most = most(part) * header.scale();
    if (Float.isNaN(most)) {
      throw new MalformedMessageException(part.variable + ": a scale is not finite");
    }
    if (most < Float.POSITIVE_INFINITY) {
      return;
    }
    float[] block = new float[Math.min(Blocks.BLOCK, part.count)];
    float[] zeros = new float[block.length];
    for (int i = 0; i < part.count; i += Blocks.BLOCK) {
      int count = Math.min(Blocks.BLOCK, part.count - i);
      values(part, i, count, block, 0);
      Blocks.addZeroTimes(block, count, header.scale(), zeros);
    }
    if (!Blocks.allZero(zeros)) {
      throw new MalformedMessageException(
          part.variable + ": a value is not finite, or not when scaled");
    }
  }

  /** A magnitude that no value exceeds; infinite where it takes a look at each to know one. */
  private float most(Entries part) {
    return switch (format) {
      case FP32, BF16 -> Float.POSITIVE_INFINITY;
      case INT8 -> -Byte.MIN_VALUE * part.scale;
      case INT4 -> FourBits.most(payload.bytes(), part.valuesAt, part.count);
      case INT2 -> TwoBits.most(payload.bytes(), part.valuesAt, part.count);
    };
  }

  /**
   * Decodes values number {@code from} to {@code from + count} of a part, to a place in a block.
   */
  private void values(Entries part, int from, int count, float[] block, int to) {
    byte[] b = payload.bytes();
    int at = part.valuesAt;
    switch (format) {
      case FP32 ->
          MemorySegment.copy(MemorySegment.ofArray(b), FLOAT, at + 4L * from, block, to, count);
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          block[to + i] = ValueFormat.fromBf16(Bytes.getShort(b, at + 2 * (from + i)));
        }
      }
      case INT8 -> {
        for (int i = 0; i < count; i++) {
          block[to + i] = b[at + from + i] * part.scale;
        }
      }
      case INT4 -> FourBits.read(b, at, from, count, block, to);
      case INT2 -> TwoBits.read(b, at, from, count, block, to);
    }
  }

  /** Whether it carries every entry of every variable, so that its blocks can be {@link #part}s. */
  public boolean isWhole() {
    return entries == layout.elements()
        && parts.stream().allMatch(part -> part.form == EncodedSize.Form.WHOLE);
  }

  /** Takes the values of a message as they are decoded, and adds what they make to an update. */
  public interface Taker {
    /**
     * Takes neighbouring entries.
     *
     * @param at number of the first
     * @param values of the entries
     * @param count how many there are
     * @param update takes the results, from its beginning
     */
    void neighbours(int at, float[] values, int count, float[] update);

    /**
     * Takes entries with these numbers.
     *
     * @param indices numbers of the entries
     * @param values of the entries
     * @param count how many there are
     * @param update takes the results, at the numbers of the entries
     */
    void scattered(int[] indices, float[] values, int count, float[] update);
  }

  /** Adds {@code factor · scale · values}. */
  public Taker scaled(float factor) {
    return new Scaled(factor * header.scale());
  }

  private record Scaled(float factor) implements Taker {
    @Override
    public void neighbours(int at, float[] values, int count, float[] update) {
      Blocks.addScaled(values, count, factor, update);
    }

    @Override
    public void scattered(int[] indices, float[] values, int count, float[] update) {
      for (int i = 0; i < count; i++) {
        update[indices[i]] += factor * values[i];
      }
    }
  }

  /** What a taker makes of a {@linkplain #isWhole whole} message. */
  public Part part(Taker taker) {
    float[] values = new float[blockSize()];
    return (at, count, update) -> {
      decode(at, count, values);
      taker.neighbours(at, values, count, update);
    };
  }

  /** Decodes a block of a whole message; gaps between variables are zero. */
  private void decode(int at, int count, float[] block) {
    Arrays.fill(block, 0, count, 0f);
    int end = at + count;
    for (int p = partBehind(at); p < parts.size(); p++) {
      Entries part = parts.get(p);
      int from = Math.max(at, part.variable.offset());
      int to = Math.min(end, part.variable.end());
      if (from >= end) {
        return;
      }
      values(part, from - part.variable.offset(), to - from, block, from - at);
    }
  }

  /** The first part of a whole message that ends behind an entry. */
  private int partBehind(int at) {
    int low = 0;
    int high = parts.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (parts.get(middle).variable.end() <= at) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** {@code update += factor · scale · values}. */
  public void addTo(float[] update, float factor) {
    deliver(scaled(factor), update);
  }

  /** Gives all values to a taker, which adds to an update. */
  public void deliver(Taker taker, float[] update) {
    float[] scratch = new float[blockSize()];
    float[] block = new float[blockSize()];
    int[] indices = new int[blockSize()];
    for (Entries part : parts) {
      Decoder decoder = new Decoder(part);
      for (int i = 0; i < part.count; i += Blocks.BLOCK) {
        int count = Math.min(Blocks.BLOCK, part.count - i);
        values(part, i, count, block, 0);
        if (part.neighbours()) {
          int at = part.variable.offset() + part.first + i;
          System.arraycopy(update, at, scratch, 0, count);
          taker.neighbours(at, block, count, scratch);
          System.arraycopy(scratch, 0, update, at, count);
        } else {
          decoder.next(count, indices);
          taker.scattered(indices, block, count, update);
        }
      }
    }
  }

  /** Room for a block of the largest variable; small models need little. */
  private int blockSize() {
    return Math.min(Blocks.BLOCK, layout.size());
  }

  /** Reads the indices of a part, already validated, block by block. */
  private final class Decoder {
    private final byte[] b = payload.bytes();
    private final Entries part;
    private int at; // next byte
    private int last; // the index before the next; of a bitmap the first index of the next word
    private long rest; // of a bitmap: bits not read yet of the word before

    Decoder(Entries part) {
      this.part = part;
      this.at = part.indicesAt;
      this.last = part.variable.offset() - (part.form == EncodedSize.Form.BITMAP ? 0 : 1);
    }

    void next(int count, int[] indices) {
      if (part.form == EncodedSize.Form.BITMAP) {
        fromBitmap(count, indices);
      } else {
        fromDifferences(count, indices);
      }
    }

    private void fromDifferences(int count, int[] indices) {
      int index = last;
      int from = at;
      for (int i = 0; i < count; i++) {
        int difference = b[from++];
        if (difference < 0) {
          difference &= 0x7f;
          int more;
          int shift = 7;
          do {
            more = b[from++];
            difference |= (more & 0x7f) << shift;
            shift += 7;
          } while (more < 0);
        }
        index += 1 + difference;
        indices[i] = index;
      }
      at = from;
      last = index;
    }

    private void fromBitmap(int count, int[] indices) {
      long word = rest;
      int from = last - Long.SIZE;
      for (int i = 0; i < count; i++) {
        while (word == 0) {
          word = nextWord();
          from += Long.SIZE;
        }
        indices[i] = from + Long.numberOfTrailingZeros(word);
        word &= word - 1;
      }
      rest = word;
      last = from + Long.SIZE;
    }

    private long nextWord() {
      long word = word(b, at, part.indicesAt + EncodedSize.bitmapBytes(part.variable.count()) - at);
      at += Long.BYTES;
      return word;
    }
  }
}
