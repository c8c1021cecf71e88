package io.dlion.stream;

import io.dlion.core.report.Report.Severity;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** What a source hands over. */
public sealed interface RawRecord {
  /**
   * A value that is to be decoded into one example.
   *
   * @param value raw bytes; not to be changed
   * @param partition of the source
   * @param nextOffset offset of the record behind it in that partition
   * @param ageNanos how long ago it arrived at the site, at least 0
   * @param dealKey the same number at every worker that reads the same record
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Message(byte[] value, String partition, long nextOffset, long ageNanos, long dealKey)
      implements RawRecord {
    /** A record whose offset is the same at every worker. */
    public Message(byte[] value, String partition, long nextOffset, long ageNanos) {
      this(value, partition, nextOffset, ageNanos, nextOffset - 1);
    }
  }

  /**
   * A file of one or more examples (rows). The offset of row r is {@code sequence · 2^20 + r}. The
   * offset behind the last row is {@code (sequence + 1) · 2^20}.
   *
   * @param root the watched folder
   * @param file its absolute path
   * @param name its path below the root, with {@code /} between folders
   * @param partition of the source
   * @param sequence the file's number in the order in which files were taken, from 0
   * @param firstRow the first row that is wanted
   * @param ageNanos how long ago it arrived at the site, at least 0
   * @param contentHash the {@link RecordHash} of all its bytes
   */
  record FileRecord(
      Path root,
      Path file,
      String name,
      String partition,
      long sequence,
      int firstRow,
      long ageNanos,
      long contentHash)
      implements RawRecord {
    /** A file has fewer rows than this. */
    public static final int ROWS_LIMIT = 1 << 20;

    /** The offset behind a row. */
    long nextOffset(int row, int rows) {
      return row + 1 == rows ? (sequence + 1) * ROWS_LIMIT : sequence * ROWS_LIMIT + row + 1;
    }
  }

  /**
   * An example that needs no decoding.
   *
   * @param example as in {@link io.dlion.core.stream.Incoming}
   * @param partition of the source
   * @param nextOffset offset of the record behind it in that partition
   * @param ageNanos how long ago it arrived at the site, at least 0
   */
  record Ready(MemorySegment example, String partition, long nextOffset, long ageNanos)
      implements RawRecord {}

  /**
   * A record that the source itself finds unfit.
   *
   * @param value what there is of it; may be empty
   * @param partition of the source
   * @param offset of the record; -1 where it has none
   * @param reason for people
   * @param kind records that are unfit for the same reason have the same
   * @param dealKey the same number at every worker that reads the same record
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Unfit(
      byte[] value, String partition, long offset, String reason, String kind, long dealKey)
      implements RawRecord {}

  /** Something a person should know about the source. */
  record Remark(Severity severity, String text) implements RawRecord {}
}
