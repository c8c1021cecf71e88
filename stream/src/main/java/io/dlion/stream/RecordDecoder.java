package io.dlion.stream;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/** Makes examples of raw records. Confined to the thread of its {@link Pump}. */
public interface RecordDecoder {
  /**
   * The examples in a message: mostly one, of a text as many as it has.
   *
   * @return each as in {@link io.dlion.core.stream.Incoming}; memory that nobody changes afterwards
   */
  List<MemorySegment> message(byte[] value) throws RejectedRecordException;

  /**
   * The examples in a file.
   *
   * @param root the watched folder; in image folders, names below it say the class
   * @param file below it
   */
  ExampleFile file(Path root, Path file) throws RejectedRecordException;
}
