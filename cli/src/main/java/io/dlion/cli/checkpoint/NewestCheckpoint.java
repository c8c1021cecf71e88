package io.dlion.cli.checkpoint;

import io.dlion.core.Phrase;
import io.dlion.data.tensor.NamedTensor;
import io.dlion.data.tensor.Safetensors;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The checkpoint that was written last in a run's folder: what a run that is under way, or that
 * crashed, has learned so far.
 *
 * @param saved all of it
 */
public record NewestCheckpoint(Path file, Safetensors saved) {
  private static final String ENDING = ".safetensors";
  private static final String AVERAGE = "average/";

  /**
   * That of a run which has not ended since; empty where the run left a model after it, where there
   * is no checkpoint, and where an older version wrote it.
   */
  public static Optional<NewestCheckpoint> of(RunFolder folder) throws IOException {
    Map<FileTime, Path> byTime = new TreeMap<>();
    if (Files.isDirectory(folder.checkpoints())) {
      try (Stream<Path> files = Files.list(folder.checkpoints())) {
        for (Path file : files.filter(NewestCheckpoint::isOne).toList()) {
          byTime.put(Files.getLastModifiedTime(file), file);
        }
      }
    }
    if (byTime.isEmpty()) {
      return Optional.empty();
    }
    Path file = List.copyOf(byTime.values()).getLast();
    NewestCheckpoint newest = new NewestCheckpoint(file, Safetensors.read(file));
    return saved(newest.saved).isAfter(savedModel(folder)) ? Optional.of(newest) : Optional.empty();
  }

  private static boolean isOne(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(ENDING) && !name.startsWith(".");
  }

  /** When the model was saved that the run left at its last end. */
  private static Instant savedModel(RunFolder folder) throws IOException {
    return Files.exists(folder.model()) ? saved(Safetensors.read(folder.model())) : Instant.MIN;
  }

  /** When a file was saved; long ago where an older version did it. */
  private static Instant saved(Safetensors file) {
    try {
      return Instant.parse(file.metadata().getOrDefault(ModelFile.SAVED, ""));
    } catch (DateTimeParseException e) {
      return Instant.MIN;
    }
  }

  /** The model in it: the average of the worker's steps, where that is its model. */
  public Safetensors model() {
    Map<String, NamedTensor> byName = new TreeMap<>();
    for (NamedTensor tensor : saved.tensors()) {
      byName.put(tensor.name(), tensor);
    }
    List<NamedTensor> tensors = new ArrayList<>();
    byName.forEach((name, tensor) -> {
      NamedTensor average = byName.getOrDefault(AVERAGE + name, tensor);
      tensors.add(new NamedTensor(name, average.shape(), average.values()));
    });
    return new Safetensors(tensors, saved.metadata());
  }

  /** {@code checkpoint of w2, iteration 340, 2 min ago}. */
  public String described(Instant now) {
    String name = file.getFileName().toString();
    long seconds = Math.max(0, Duration.between(saved(saved), now).toSeconds());
    String age =
        seconds < 60
            ? seconds + " s"
            : seconds < 3600 ? seconds / 60 + " min" : seconds / 3600 + " h";
    return Phrase.of(
        "checkpoint of %s, iteration %d, %s ago",
        name.substring(0, name.length() - ENDING.length()),
        Long.parseLong(saved.metadata().getOrDefault("iteration", "0")),
        age);
  }
}
