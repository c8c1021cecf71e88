package io.dlion.core.wire;

import java.util.EnumMap;
import java.util.Map;

/**
 * Optional numbers at the end of a gradient's header, four bytes each: what an update rule tells
 * those of peers. Methods that need none send none. Immutable.
 *
 * @param values in the order of their kinds
 */
public record HeaderExtension(Map<Kind, Float> values) {
  /** No numbers. */
  public static final HeaderExtension NONE = new HeaderExtension(Map.of());

  /** What a number means. The header has a bit for each: at most five. */
  public enum Kind {
    /**
     * The cosine between gradients that the sender has anticipated and those that came, in [-1, 1].
     */
    COSINE(-1, 1),

    /** The share of the learning rate that the sender's schedule asks for, in [0, 1]. */
    RATE(0, 1),

    /** How many rounds of local steps of the sender are in a sum that its busy link missed. */
    ROUNDS(1, 1e9f),

    /** Seconds that a local step of the sender takes. */
    STEP_SECONDS(0, 1e9f),

    /** Mean age of what is sent, in seconds, where others' gradients are passed on. */
    AGE(0, 1e9f);

    private final float minimum;
    private final float maximum;

    Kind(float minimum, float maximum) {
      this.minimum = minimum;
      this.maximum = maximum;
    }
  }

  /** Copies the map. */
  public HeaderExtension {
    Map<Kind, Float> ordered = new EnumMap<>(Kind.class);
    ordered.putAll(values);
    values = ordered;
  }

  /** A single number. */
  public static HeaderExtension of(Kind kind, double value) {
    return new HeaderExtension(Map.of(kind, (float) value));
  }

  /** These numbers and one more. */
  public HeaderExtension with(Kind kind, double value) {
    Map<Kind, Float> more = new EnumMap<>(Kind.class);
    more.putAll(values);
    more.put(kind, (float) value);
    return new HeaderExtension(more);
  }

  /** A number, or what it is taken for where the sender has told none. */
  public double get(Kind kind, double otherwise) {
    Float value = values.get(kind);
    return value == null ? otherwise : value;
  }

  /** Encoded size. */
  public int bytes() {
    return Float.BYTES * values.size();
  }

  int flags() {
    int flags = 0;
    for (Kind kind : values.keySet()) {
      flags |= 1 << kind.ordinal();
    }
    return flags;
  }

  void write(byte[] b, int at) {
    int to = at;
    for (float value : values.values()) {
      Bytes.putFloat(b, to, value);
      to += Float.BYTES;
    }
  }

  static HeaderExtension read(Payload payload, int at, int flags) throws MalformedMessageException {
    if (flags == 0) {
      return NONE;
    }
    Kind[] kinds = Kind.values();
    if (flags >> kinds.length != 0) {
      throw new MalformedMessageException("gradient with an unknown extension, flags " + flags);
    }
    if (at + Float.BYTES * Integer.bitCount(flags) > payload.length()) {
      throw new MalformedMessageException("gradient that ends within its header");
    }
    Map<Kind, Float> values = new EnumMap<>(Kind.class);
    int from = at;
    for (Kind kind : kinds) {
      if ((flags & 1 << kind.ordinal()) != 0) {
        float value = Bytes.getFloat(payload.bytes(), from);
        if (!(value >= kind.minimum && value <= kind.maximum)) {
          throw new MalformedMessageException("gradient with an impossible " + kind + ": " + value);
        }
        values.put(kind, value);
        from += Float.BYTES;
      }
    }
    return new HeaderExtension(values);
  }
}
