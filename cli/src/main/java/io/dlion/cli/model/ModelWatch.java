package io.dlion.cli.model;

import io.dlion.cli.checkpoint.NewestCheckpoint;
import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape;
import io.dlion.data.tensor.Safetensors;
import io.dlion.monitor.run.RunFolder;
import io.dlion.monitor.run.RunLock;
import io.dlion.monitor.run.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for newer models in the folder of a run that may be under way. What was found before is not
 * found again, and nothing older than it. A file that cannot be used (not whole, of another model,
 * values that are not finite) is told once, and the next older one is tried. Keeps one model in
 * memory, whose weights each find replaces. Confined to one thread.
 */
final class ModelWatch implements AutoCloseable {
  private final RunFolder folder;
  private final Set<State> refused = new HashSet<>();
  private @Nullable State taken;
  private Instant takenSaved = Instant.MIN;
  private @Nullable State modelState;
  private Instant modelSaved = Instant.MIN;
  private @Nullable TrainedModel model;

  /** Has found nothing. */
  ModelWatch(RunFolder folder) {
    this.folder = folder;
  }

  /** A file as it is at one moment; replacing it makes another. */
  private record State(Path file, FileTime changed, long bytes, String inode) {
    static Optional<State> of(Path file) throws IOException {
      try {
        BasicFileAttributes all = Files.readAttributes(file, BasicFileAttributes.class);
        return Optional.of(
            new State(file, all.lastModifiedTime(), all.size(), String.valueOf(all.fileKey())));
      } catch (NoSuchFileException e) {
        return Optional.empty();
      }
    }
  }

  /**
   * A model that was found.
   *
   * @param model valid until the next look
   * @param what it is: of which checkpoint, or of the end of the run
   * @param accuracy of the best evaluation known with a checkpoint, of the model itself at the end
   * @param ofEnd whether it is what the run left at its end
   */
  record Found(TrainedModel model, String what, OptionalDouble accuracy, boolean ofEnd) {
    /** Whether its accuracy is R². */
    boolean isRegression() {
      return model.spec().shape().kind() == ExampleShape.Kind.REGRESSION;
    }
  }

  /** The folder. */
  RunFolder folder() {
    return folder;
  }

  /**
   * The newest model that can be used; empty where that was found before, or there is none.
   *
   * @param refusal is told of files that cannot be used
   * @throws UserError if the folder has been removed
   */
  Optional<Found> look(Consumer<String> refusal) throws IOException {
    if (!Files.isDirectory(folder.path())) {
      throw new UserError(folder.path() + ": the run's folder has been removed");
    }
    Optional<State> end = State.of(folder.model());
    readWhenTheModelWasSaved(end, refusal);
    for (Path file : NewestCheckpoint.files(folder)) {
      Optional<State> state = State.of(file);
      if (state.isEmpty() || refused.contains(state.get())) {
        continue;
      }
      Optional<NewestCheckpoint> read =
          state.get().equals(taken) ? Optional.empty() : read(state.get(), refusal);
      if (state.get().equals(taken) || read.filter(c -> !isNews(c)).isPresent()) {
        break; // those that follow are older
      }
      Optional<Found> found = read.flatMap(c -> found(c, state.get(), refusal));
      if (found.isPresent()) {
        taken = state.get();
        takenSaved = read.get().savedAt();
        return found;
      }
    }
    return end.isPresent() ? ofEnd(end.get(), refusal) : Optional.empty();
  }

  private boolean isNews(NewestCheckpoint checkpoint) {
    return checkpoint.savedAt().isAfter(modelSaved) && checkpoint.savedAt().isAfter(takenSaved);
  }

  private Optional<NewestCheckpoint> read(State state, Consumer<String> refusal)
      throws IOException {
    try {
      return Optional.of(NewestCheckpoint.read(state.file()));
    } catch (UserError e) {
      refuse(state, UserError.text(e), refusal);
      return Optional.empty();
    }
  }

  private void readWhenTheModelWasSaved(Optional<State> end, Consumer<String> refusal)
      throws IOException {
    if (end.isEmpty() || refused.contains(end.get())) {
      modelSaved = Instant.MIN;
    } else if (!end.get().equals(modelState)) {
      modelSaved = read(end.get(), refusal).map(NewestCheckpoint::savedAt).orElse(Instant.MIN);
      modelState = end.get();
    }
  }

  private Optional<Found> found(
      NewestCheckpoint checkpoint, State state, Consumer<String> refusal) {
    return load(state, checkpoint.model(), refusal)
        .map(m -> new Found(m, checkpoint.counted(), checkpoint.bestAccuracy(), false));
  }

  private Optional<Found> ofEnd(State end, Consumer<String> refusal) throws IOException {
    boolean older = taken != null && !modelSaved.isAfter(takenSaved);
    if (older || end.equals(taken) || refused.contains(end)) {
      return Optional.empty();
    }
    Optional<TrainedModel> loaded = load(end, Safetensors.read(folder.model()), refusal);
    if (loaded.isEmpty()) {
      return Optional.empty();
    }
    taken = end;
    takenSaved = modelSaved;
    return Optional.of(
        new Found(loaded.get(), "the model that the run left at its end", accuracyAtEnd(), true));
  }

  /** Loads a file into the one model that is kept. */
  private Optional<TrainedModel> load(State state, Safetensors file, Consumer<String> refusal) {
    try {
      if (model == null) {
        model = TrainedModel.of(folder, state.file(), file, Optional.empty());
      } else {
        model.load(state.file(), file);
      }
      if (model.isFinite()) {
        return Optional.of(model);
      }
      refuse(state, state.file() + ": has values that are not finite", refusal);
    } catch (UserError e) {
      refuse(state, UserError.text(e), refusal);
    }
    return Optional.empty();
  }

  private void refuse(State state, String why, Consumer<String> refusal) {
    refused.add(state);
    refusal.accept(why);
  }

  /** Of the final model, once the result of the run is there. */
  private OptionalDouble accuracyAtEnd() throws IOException {
    if (!hasResultAndNobodyTrains()) {
      return OptionalDouble.empty();
    }
    try {
      return RunResult.read(folder.result()).extra().get("finalModel") instanceof Map<?, ?> entry
              && entry.get("accuracy") instanceof Number accuracy
          ? OptionalDouble.of(accuracy.doubleValue())
          : OptionalDouble.empty();
    } catch (UserError e) {
      return OptionalDouble.empty();
    }
  }

  /** Whether the run may have ended: to be asked before the look that is to find its model. */
  boolean hasResultAndNobodyTrains() {
    return Files.exists(folder.result()) && !RunLock.isHeld(folder);
  }

  /** Whether what was found last is the last that the run has made so far. */
  boolean isAtEnd() throws IOException {
    if (taken != null && taken.equals(modelState)) {
      return true;
    }
    FileTime result = Files.getLastModifiedTime(folder.result());
    for (Path file : NewestCheckpoint.files(folder)) {
      if (Files.getLastModifiedTime(file).compareTo(result) > 0) {
        return false; // a run that went on after its result, and crashed
      }
    }
    return true;
  }

  /** Whether anything was found at all. */
  boolean hasFound() {
    return taken != null;
  }

  /** What was found last could not be used, and is to be found again. */
  void forget() {
    taken = null;
    takenSaved = Instant.MIN;
  }

  @Override
  public void close() {
    if (model != null) {
      model.close();
    }
  }
}
