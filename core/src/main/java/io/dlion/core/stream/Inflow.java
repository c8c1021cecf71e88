package io.dlion.core.stream;

/** Brings the records of a source to a worker, on threads of its own. */
public interface Inflow extends AutoCloseable {
  /**
   * Begins to bring records; to be called once. Does not wait. Failures are noticed through the
   * sink, and the source is tried again.
   *
   * @param from of the first record that is wanted
   */
  void start(Position from, RecordSink sink);

  /**
   * Records before a position will not be asked for again: copies of them may be deleted.
   *
   * @param learned of the first record that may be
   */
  default void release(Position learned) {}

  /** Ends the threads; what has been offered stays. */
  @Override
  void close();
}
