package io.dlion.emulator.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a worker's stream stood when it sent what it had learned: what a real worker keeps on disk,
 * so it outlives a crash. Confined to the emulation's thread.
 */
final class MarkJournal {
  private final List<Mark> marks = new ArrayList<>();
  private int atLastSave;

  private record Mark(long number, Map<String, String> counters) {}

  /** What was learned up to these counters travels in the message of this number. */
  void mark(long number, Map<String, String> counters) {
    marks.add(new Mark(number, counters));
  }

  /**
   * The newest counters of a message of this number or less; empty where there are none. Later
   * marks are forgotten.
   */
  Optional<Map<String, String>> find(long number) {
    while (!marks.isEmpty() && marks.getLast().number > number) {
      marks.removeLast();
    }
    atLastSave = Math.min(atLastSave, marks.size());
    return marks.isEmpty() ? Optional.empty() : Optional.of(marks.getLast().counters);
  }

  /** A checkpoint has been saved: marks before the one before it are no longer needed. */
  void saved() {
    marks.subList(0, atLastSave).clear();
    atLastSave = marks.size();
  }

  /** Forgets all. */
  void clear() {
    marks.clear();
    atLastSave = 0;
  }
}
