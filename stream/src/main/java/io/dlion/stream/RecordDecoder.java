package io.dlion.stream;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Makes examples of raw records. Confined to the thread of its {@link Pump}. */
public interface RecordDecoder {
  /**
   * The example in a message.
   *
   * @return as in {@link io.dlion.core.stream.Incoming}; memory that nobody changes afterwards
   */
  MemorySegment message(byte[] value) throws RejectedRecordException;

  /**
   * The examples in a file.
   *
   * @param root the watched folder; in image folders, names below it say the class
   * @param file below it
   */
  ExampleFile file(Path root, Path file) throws RejectedRecordException;
}
