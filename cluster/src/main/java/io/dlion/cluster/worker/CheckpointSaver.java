package io.dlion.cluster.worker;

import io.dlion.core.node.Checkpoint;
import io.dlion.core.report.Report.Severity;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Saves checkpoints, and says when that fails: once, not at every checkpoint. Confined to the
 * node's thread, but for {@link #unsaved}.
 */
final class CheckpointSaver {
  private final CheckpointStore store;
  private final BiConsumer<Severity, String> notice;
  private volatile Optional<IOException> unsaved = Optional.empty();

  CheckpointSaver(CheckpointStore store, BiConsumer<Severity, String> notice) {
    this.store = store;
    this.notice = notice;
  }

  /** Saves; training goes on where that fails. */
  void save(Checkpoint checkpoint) {
    try {
      store.save(checkpoint);
      if (unsaved.isPresent()) {
        notice.accept(Severity.INFO, "checkpoints are saved again");
      }
      unsaved = Optional.empty();
    } catch (IOException e) {
      if (unsaved.isEmpty()) {
        notice.accept(Severity.ERROR, "checkpoint not saved, training goes on: " + e.getMessage());
      }
      unsaved = Optional.of(e);
    }
  }

  /** Why the last one could not be saved, if so. */
  Optional<IOException> unsaved() {
    return unsaved;
  }
}
