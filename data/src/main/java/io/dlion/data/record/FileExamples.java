package io.dlion.data.record;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** The examples of a file that has appeared in a watched folder. Confined to one thread. */
public interface FileExamples {
  /** How many there are, broken ones among them. */
  int count();

  /**
   * One example: its input and then its target, in a new segment on the heap.
   *
   * @param index from 0 to {@code count() - 1}
   * @throws UnfitRecordException where this one is broken; the others are not affected
   */
  MemorySegment example(int index) throws UnfitRecordException;

  /** Those of a list. */
  static FileExamples of(List<MemorySegment> examples) {
    return new FileExamples() {
      @Override
      public int count() {
        return examples.size();
      }

      @Override
      public MemorySegment example(int index) {
        return examples.get(index);
      }
    };
  }
}
