package io.dlion.cluster.worker;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers where a worker's stream stood when it sent what it had learned: between two
 * checkpoints, so that a worker that was killed knows which records its peers' models have.
 * Confined to the node's thread.
 */
public interface StreamJournal {
  /** A journal that remembers nothing. */
  StreamJournal NONE =
      new StreamJournal() {
        @Override
        public void mark(long number, Map<String, String> counters) {}

        @Override
        public Optional<Map<String, String>> find(long number) {
          return Optional.empty();
        }

        @Override
        public void saved() {}

        @Override
        public void clear() {}
      };

  /** What was learned up to these counters travels in the message of this number. */
  void mark(long number, Map<String, String> counters) throws IOException;

  /**
   * The newest counters of a message of this number or less, counted from the newest mark back;
   * empty where there are none. Later marks are forgotten.
   */
  Optional<Map<String, String>> find(long number) throws IOException;

  /** A checkpoint has been saved: marks before the one before it are no longer needed. */
  void saved() throws IOException;

  /** Forgets all. */
  void clear() throws IOException;
}
