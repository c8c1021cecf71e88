package io.dlion.stream;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The hash of a record's content: XXH64 with seed 0, as the xxHash specification defines it
 * (github.com/Cyan4973/xxHash, {@code doc/xxhash_spec.md}), in two's complement. Python's {@code
 * xxhash.xxh64_intdigest(value)} gives the same bits.
 *
 * <p>The hash of a set of records is the sum of theirs modulo 2^64, so that order does not matter.
 */
public final class RecordHash {
  private static final long PRIME1 = 0x9E3779B185EBCA87L;
  private static final long PRIME2 = 0xC2B2AE3D27D4EB4FL;
  private static final long PRIME3 = 0x165667B19E3779F9L;
  private static final long PRIME4 = 0x85EBCA77C2B2AE63L;
  private static final long PRIME5 = 0x27D4EB2F165667C5L;
  private static final int STRIPE_BYTES = 32;
  private static final int CHUNK_BYTES = 1 << 16;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private long lane1 = 0x60EA27EEADC0B5D6L; // PRIME1 + PRIME2
  private long lane2 = PRIME2;
  private long lane3;
  private long lane4 = -PRIME1;
  private long length;

  private RecordHash() {}

  /** The hash of all bytes of an array. */
  public static long of(byte[] value) {
    return of(MemorySegment.ofArray(value));
  }

  /** The hash of all bytes of a segment. */
  public static long of(MemorySegment value) {
    return new RecordHash().end(value);
  }

  /** The hash of all bytes of a file. */
  public static long of(Path file) throws IOException {
    RecordHash hash = new RecordHash();
    byte[] chunk = new byte[CHUNK_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      int read;
      while ((read = in.readNBytes(chunk, 0, CHUNK_BYTES)) == CHUNK_BYTES) {
        hash.stripes(MemorySegment.ofArray(chunk));
      }
      return hash.end(MemorySegment.ofArray(chunk).asSlice(0, read));
    }
  }

  /** Takes the whole stripes of a segment; returns where the rest begins. */
  private long stripes(MemorySegment bytes) {
    long end = bytes.byteSize() / STRIPE_BYTES * STRIPE_BYTES;
    for (long at = 0; at < end; at += STRIPE_BYTES) {
      lane1 = round(lane1, bytes.get(LONG, at));
      lane2 = round(lane2, bytes.get(LONG, at + 8));
      lane3 = round(lane3, bytes.get(LONG, at + 16));
      lane4 = round(lane4, bytes.get(LONG, at + 24));
    }
    length += end;
    return end;
  }

  private long end(MemorySegment bytes) {
    long at = stripes(bytes);
    long hash = (length == 0 ? PRIME5 : merged()) + length + bytes.byteSize() - at;
    for (; at + 8 <= bytes.byteSize(); at += 8) {
      hash = Long.rotateLeft(hash ^ round(0, bytes.get(LONG, at)), 27) * PRIME1 + PRIME4;
    }
    if (at + 4 <= bytes.byteSize()) {
      long word = Integer.toUnsignedLong(bytes.get(INT, at));
      hash = Long.rotateLeft(hash ^ (word * PRIME1), 23) * PRIME2 + PRIME3;
      at += 4;
    }
    for (; at < bytes.byteSize(); at++) {
      long octet = bytes.get(ValueLayout.JAVA_BYTE, at) & 0xFFL;
      hash = Long.rotateLeft(hash ^ (octet * PRIME5), 11) * PRIME1;
    }
    hash = (hash ^ (hash >>> 33)) * PRIME2;
    hash = (hash ^ (hash >>> 29)) * PRIME3;
    return hash ^ (hash >>> 32);
  }

  private long merged() {
    long hash =
        Long.rotateLeft(lane1, 1)
            + Long.rotateLeft(lane2, 7)
            + Long.rotateLeft(lane3, 12)
            + Long.rotateLeft(lane4, 18);
    for (long lane : new long[] {lane1, lane2, lane3, lane4}) {
      hash = (hash ^ round(0, lane)) * PRIME1 + PRIME4;
    }
    return hash;
  }

  private static long round(long lane, long word) {
    return Long.rotateLeft(lane + word * PRIME2, 31) * PRIME1;
  }
}
