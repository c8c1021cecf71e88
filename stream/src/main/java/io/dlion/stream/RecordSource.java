package io.dlion.stream;

import io.dlion.core.stream.Position;
import java.util.List;
import java.util.OptionalLong;

/**
 * Where records come from. Confined to one thread at a time.
 *
 * <p>A user's mistake is a {@link io.dlion.core.UserError} at opening or at the first {@link
 * #seek}. Later failures that pass are remarks among the records, and the source retries without
 * end. What it cannot retry is an exception of {@link #poll}, which may be called again.
 */
public interface RecordSource extends AutoCloseable {
  /**
   * The next records, and what is to be said of the source.
   *
   * @param max records at most
   * @param waitNanos how long to wait for the first of them
   * @return empty where nothing has arrived
   */
  List<RawRecord> poll(int max, long waitNanos) throws InterruptedException;

  /** Behind the last record that was polled. */
  Position position();

  /**
   * Continues at a position that was learned up to. To be called before the first poll. Partitions
   * that the position does not name are read as the source's address says, by default from their
   * beginning.
   */
  void seek(Position from);

  /** Records that have not been polled, where that is known. Does not block. */
  OptionalLong backlog();

  /** Records before a position are not needed again: the source may delete its copies. */
  default void release(Position learned) {}

  /** The address, for people. */
  String description();

  @Override
  void close();
}
