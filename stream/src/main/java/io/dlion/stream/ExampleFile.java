package io.dlion.stream;

import java.lang.foreign.MemorySegment;

/** The examples of one file. Confined to the thread of its {@link Pump}. */
public interface ExampleFile {
  /** How many there are. */
  int count();

  /**
   * One of them.
   *
   * @param row in {@code [0, count())}
   * @return as in {@link io.dlion.core.stream.Incoming}; memory that nobody changes afterwards
   */
  MemorySegment example(int row) throws RejectedRecordException;
}
