package io.dlion.core.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a worker's learning from streams stands. Workers tell it each other a few times a second
 * where anyone learns from a stream.
 *
 * @param number of the newest message with gradients, or of the newest commit, that has what it
 *     learned; -1 before the first
 * @param version of a server's model that it holds; -1 where there is no server
 * @param records that it has predicted
 * @param overall accuracy of all these predictions; 0 without any
 * @param windowRecords predictions in its window
 * @param window accuracy in the window
 * @param fading accuracy with fading
 * @param drifts changes of the world for the whole cluster that it has found
 * @param learned for each worker, the number of its newest message that the sender's model has
 *     learned from
 */
public record StreamNews(
    long number,
    long version,
    long records,
    double overall,
    int windowRecords,
    double window,
    double fading,
    int drifts,
    Map<String, Long> learned) {
  private static final int FIXED_BYTES = 8 + 8 + 8 + 8 + 4 + 8 + 8 + 4 + 2;
  private static final int NAME_BYTES_MAX = 255;
  private static final int WORKERS_MAX = 4096;

  /** The least accuracy that is told: of regressions it is R², which has no lower bound. */
  public static final double ACCURACY_MIN = -1e6;

  private static final class Entry {
    private final byte[] name;
    private final long number;

    Entry(byte[] name, long number) {
      this.name = name;
      this.number = number;
    }
  }

  /** Copies the map. */
  public StreamNews {
    learned = Map.copyOf(learned);
  }

  /** Encodes it for workers of the given layout. */
  public Payload encode(long layoutFingerprint) {
    List<Entry> entries =
        learned.entrySet().stream()
            .map(e -> new Entry(e.getKey().getBytes(StandardCharsets.UTF_8), e.getValue()))
            .filter(e -> e.name.length <= NAME_BYTES_MAX)
            .limit(WORKERS_MAX)
            .toList();
    int bytes = entries.stream().mapToInt(e -> 1 + e.name.length + 8).sum();
    byte[] b = new byte[Frame.BYTES + FIXED_BYTES + bytes];
    int at = Frame.BYTES;
    Bytes.putLong(b, at, number);
    Bytes.putLong(b, at + 8, version);
    Bytes.putLong(b, at + 16, records);
    Bytes.putDouble(b, at + 24, overall);
    Bytes.putInt(b, at + 32, windowRecords);
    Bytes.putDouble(b, at + 36, window);
    Bytes.putDouble(b, at + 44, fading);
    Bytes.putInt(b, at + 52, drifts);
    Bytes.putShort(b, at + 56, (short) entries.size());
    at += FIXED_BYTES;
    for (Entry entry : entries) {
      int length = entry.name.length;
      b[at++] = (byte) length;
      System.arraycopy(entry.name, 0, b, at, length);
      Bytes.putLong(b, at + length, entry.number);
      at += length + 8;
    }
    Frame.seal(b, at, MessageType.STREAM, layoutFingerprint);
    return new Payload(b, at);
  }

  /**
   * Reads and checks a message whose frame is already {@linkplain Frame#open opened}.
   *
   * @throws MalformedMessageException if it is not one, or its numbers make no sense
   */
  public static StreamNews parse(Payload payload) throws MalformedMessageException {
    byte[] b = payload.bytes();
    int at = Frame.BYTES;
    if (payload.length() < at + FIXED_BYTES) {
      throw new MalformedMessageException("stream news of " + payload.length() + " bytes");
    }
    int workers = Bytes.getShort(b, at + 56);
    if (workers < 0 || workers > WORKERS_MAX) {
      throw new MalformedMessageException("stream news about " + workers + " workers");
    }
    StreamNews news =
        new StreamNews(
            Bytes.getLong(b, at),
            Bytes.getLong(b, at + 8),
            Bytes.getLong(b, at + 16),
            Bytes.getDouble(b, at + 24),
            Bytes.getInt(b, at + 32),
            Bytes.getDouble(b, at + 36),
            Bytes.getDouble(b, at + 44),
            Bytes.getInt(b, at + 52),
            learned(payload, at + FIXED_BYTES, workers));
    if (!news.isPlausible()) {
      throw new MalformedMessageException("impossible values: " + news);
    }
    return news;
  }

  private static Map<String, Long> learned(Payload payload, int from, int workers)
      throws MalformedMessageException {
    byte[] b = payload.bytes();
    Map<String, Long> learned = new TreeMap<>();
    int at = from;
    for (int i = 0; i < workers; i++) {
      int length = at < payload.length() ? Byte.toUnsignedInt(b[at]) : 0;
      if (at + 1 + length + 8 > payload.length()) {
        throw new MalformedMessageException("stream news end in the middle of a name");
      }
      String name = new String(b, at + 1, length, StandardCharsets.UTF_8);
      learned.put(name, Bytes.getLong(b, at + 1 + length));
      at += 1 + length + 8;
    }
    if (at != payload.length()) {
      throw new MalformedMessageException("stream news with bytes that mean nothing");
    }
    return learned;
  }

  private static boolean isAccuracy(double value) {
    return value >= ACCURACY_MIN && value <= 1;
  }

  private boolean isPlausible() {
    return number >= -1
        && version >= -1
        && records >= 0
        && windowRecords >= 0
        && drifts >= 0
        && isAccuracy(overall)
        && isAccuracy(window)
        && isAccuracy(fading)
        && learned.values().stream().allMatch(n -> n >= -1);
  }
}
