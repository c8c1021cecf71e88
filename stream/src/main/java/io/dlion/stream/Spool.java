package io.dlion.stream;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way from a broker to a worker, numbered from 0, in files (segments) that are
 * only appended to. A segment has the number of its first message for a name. A message is framed
 * as: length of the payload (4 bytes), CRC-32C of all that follows (4), time of arrival in ms (8),
 * the broker's number of the message (4), payload; big-endian.
 *
 * <p>What is appended survives the end of the process. It is not forced to the disk, so that a
 * power failure may lose the last messages. What a crash left of a last message is cut off.
 *
 * <p>The size is bounded: the oldest segment is deleted when there is more. Safe for several
 * threads.
 */
final class Spool implements AutoCloseable {
  /** A message as it was appended. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(long number, long arrivedMillis, int brokerId, byte[] payload) {}

  private static final String SUFFIX = ".spool";
  private static final int HEAD_BYTES = 20;
  private static final int PAYLOAD_BYTES_MAX = 1 << 28; // of MQTT

  private final Path folder;
  private final long segmentBytes;
  private final long bytesMax;
  private final Consumer<String> losses;

  /** Sizes in bytes, by the number of the first message. */
  private final NavigableMap<Long, Long> segments = new TreeMap<>();

  private RandomAccessFile out;
  private long next;
  private @Nullable RandomAccessFile in;
  private long inSegment;
  private long read;

  /**
   * Opens a spool, or begins one.
   *
   * @param segmentBytes a segment that is larger is not appended to
   * @param bytesMax of all segments
   * @param losses is told what was lost, for people
   */
  Spool(Path folder, long segmentBytes, long bytesMax, Consumer<String> losses) {
    this.folder = folder;
    this.segmentBytes = segmentBytes;
    this.bytesMax = bytesMax;
    this.losses = losses;
    try {
      Files.createDirectories(folder);
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          String name = String.valueOf(file.getFileName());
          if (name.matches("\\d{19}" + SUFFIX)) {
            segments.put(Long.parseLong(name.substring(0, 19)), Files.size(file));
          }
        }
      }
      out = openLast();
      read = segments.firstKey();
    } catch (IOException e) {
      throw new UserError(folder + ": cannot read or write the spool: " + e, e);
    }
  }

  private RandomAccessFile openLast() throws IOException {
    if (segments.isEmpty()) {
      segments.put(0L, 0L);
    }
    long first = segments.lastKey();
    RandomAccessFile last = new RandomAccessFile(path(first).toFile(), "rw");
    next = first;
    long sound = 0;
    while (readFrame(last, next) != null) {
      sound = last.getFilePointer();
      next++;
    }
    last.setLength(sound);
    last.seek(sound);
    segments.put(first, sound);
    return last;
  }

  private Path path(long first) {
    return folder.resolve(Phrase.of("%019d%s", first, SUFFIX));
  }

  /** The message at the file's pointer; null where there is no whole and sound one. */
  private static @Nullable Entry readFrame(RandomAccessFile file, long number) throws IOException {
    long left = file.length() - file.getFilePointer();
    if (left < HEAD_BYTES) {
      return null;
    }
    byte[] head = new byte[HEAD_BYTES];
    file.readFully(head);
    ByteBuffer fields = ByteBuffer.wrap(head);
    int length = fields.getInt();
    int crc = fields.getInt();
    if (length < 0 || length > PAYLOAD_BYTES_MAX || length > left - HEAD_BYTES) {
      return null;
    }
    byte[] payload = new byte[length];
    file.readFully(payload);
    return crc == crc(head, payload)
        ? new Entry(number, fields.getLong(), fields.getInt(), payload)
        : null;
  }

  private static int crc(byte[] head, byte[] payload) {
    CRC32C crc = new CRC32C();
    crc.update(head, 8, HEAD_BYTES - 8);
    crc.update(payload, 0, payload.length);
    return (int) crc.getValue();
  }

  /** Appends a message. */
  synchronized void append(long arrivedMillis, int brokerId, byte[] payload) throws IOException {
    byte[] frame = new byte[HEAD_BYTES + payload.length];
    ByteBuffer.wrap(frame).putInt(payload.length).putInt(0).putLong(arrivedMillis).putInt(brokerId);
    ByteBuffer.wrap(frame).putInt(4, crc(frame, payload));
    System.arraycopy(payload, 0, frame, HEAD_BYTES, payload.length);
    if (out.getFilePointer() >= segmentBytes) {
      beginSegment(next);
    }
    out.write(frame);
    next++;
    segments.merge(segments.lastKey(), (long) frame.length, Long::sum);
    shed();
    notifyAll();
  }

  private void beginSegment(long first) throws IOException {
    out.close();
    out = new RandomAccessFile(path(first).toFile(), "rw");
    segments.put(first, 0L);
  }

  private void shed() throws IOException {
    long bytes = segments.values().stream().mapToLong(Long::longValue).sum();
    while (bytes > bytesMax && segments.size() > 1) {
      Map.Entry<Long, Long> oldest = segments.firstEntry();
      bytes -= oldest.getValue();
      delete(oldest.getKey());
      if (read < segments.firstKey()) {
        losses.accept(
            Phrase.of(
                "the spool is full (%d MB): messages %d to %d were dropped, the oldest first",
                bytesMax / 1_000_000, read, segments.firstKey() - 1));
        move(segments.firstKey());
      }
    }
  }

  private void delete(long first) throws IOException {
    segments.remove(first);
    if (in != null && inSegment == first) {
      in.close();
      in = null;
    }
    Files.deleteIfExists(path(first));
  }

  /** Reads on at a message. */
  private void move(long number) throws IOException {
    if (in != null) {
      in.close();
      in = null;
    }
    read = number;
  }

  /** The next message; null where there is none. */
  synchronized @Nullable Entry poll() throws IOException {
    while (read < next) {
      RandomAccessFile file = in == null ? openForReading() : in;
      Entry entry = readFrame(file, read);
      if (entry != null) {
        read++;
        return entry;
      }
      Long following = segments.higherKey(inSegment);
      long on = following == null ? next : following;
      if (read < on) {
        losses.accept(
            Phrase.of(
                "the spool is damaged: messages %d to %d cannot be read (%s)",
                read, on - 1, path(inSegment)));
      }
      move(on);
    }
    return null;
  }

  private RandomAccessFile openForReading() throws IOException {
    Long first = segments.floorKey(read);
    if (first == null) {
      throw new IllegalStateException("message " + read + " is in no segment");
    }
    RandomAccessFile file = new RandomAccessFile(path(first).toFile(), "r");
    in = file;
    inSegment = first;
    for (long number = first; number < read && readFrame(file, number) != null; number++) {
      // was read before
    }
    return file;
  }

  /** Waits until there is a message to poll. */
  synchronized void await(long waitMillis) throws InterruptedException {
    long deadline = System.nanoTime() + waitMillis * 1_000_000;
    long left = waitMillis;
    while (read >= next && left > 0) {
      wait(left);
      left = (deadline - System.nanoTime()) / 1_000_000;
    }
  }

  /** Polls from a message on, the oldest that is there at least; deletes those before it. */
  synchronized void seek(long number) throws IOException {
    if (number > next) {
      beginSegment(number); // the spool was lost, its numbers go on
      next = number;
    }
    long from = Math.max(number, segments.firstKey());
    if (from > number && number > 0) {
      losses.accept(
          Phrase.of(
              "messages %d to %d are not in the spool any more: %d lost",
              number, from - 1, from - number));
    }
    move(from);
    release(from);
  }

  /** Deletes segments all of whose messages are before a number. */
  synchronized void release(long number) throws IOException {
    while (segments.size() > 1) {
      Long second = segments.higherKey(segments.firstKey());
      if (second == null || second > Math.min(number, read)) {
        return;
      }
      delete(segments.firstKey());
    }
  }

  /** Number of the message that is polled next. */
  synchronized long position() {
    return read;
  }

  /** Messages that have not been polled. */
  synchronized long backlog() {
    return next - read;
  }

  /** The last messages that were appended, at most so many, from the last segment. */
  synchronized List<Entry> last(int max) throws IOException {
    List<Entry> entries = new ArrayList<>();
    long first = segments.lastKey();
    try (RandomAccessFile file = new RandomAccessFile(path(first).toFile(), "r")) {
      for (long number = first; number < next; number++) {
        Entry entry = readFrame(file, number);
        if (entry == null) {
          break;
        }
        entries.add(entry);
        if (entries.size() > max) {
          entries.removeFirst();
        }
      }
    }
    return entries;
  }

  @Override
  public synchronized void close() {
    try {
      move(read);
      out.close();
    } catch (IOException e) {
      // What was appended has been written.
    }
  }
}
