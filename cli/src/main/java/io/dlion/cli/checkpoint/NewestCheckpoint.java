package io.dlion.cli.checkpoint;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.peer.roster.Roster;
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
import java.util.OptionalDouble;
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
  private static final String CLUSTER_SAMPLES = "cluster-samples";

  /**
   * That of a run which has not ended since; empty where the run left a model after it, where there
   * is no checkpoint, and where an older version wrote it.
   */
  public static Optional<NewestCheckpoint> of(RunFolder folder) throws IOException {
    List<Path> files = files(folder);
    if (files.isEmpty()) {
      return Optional.empty();
    }
    NewestCheckpoint newest = read(files.getFirst());
    return newest.savedAt().isAfter(savedModel(folder)) ? Optional.of(newest) : Optional.empty();
  }

  /**
   * Reads one.
   *
   * @throws UserError where the file is not whole
   */
  public static NewestCheckpoint read(Path file) throws IOException {
    return new NewestCheckpoint(file, Safetensors.read(file));
  }

  /** The checkpoints in a run's folder, those written last first. */
  public static List<Path> files(RunFolder folder) throws IOException {
    if (!Files.isDirectory(folder.checkpoints())) {
      return List.of();
    }
    Map<Path, FileTime> times = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder.checkpoints())) {
      for (Path file : files.filter(NewestCheckpoint::isOne).toList()) {
        times.put(file, Files.getLastModifiedTime(file));
      }
    }
    return times.entrySet().stream()
        .sorted(Map.Entry.<Path, FileTime>comparingByValue().reversed())
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean isOne(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(ENDING) && !name.startsWith(".");
  }

  /** When the model was saved that the run left at its last end. */
  private static Instant savedModel(RunFolder folder) throws IOException {
    return Files.exists(folder.model()) ? savedAt(Safetensors.read(folder.model())) : Instant.MIN;
  }

  /** When a file was saved; long ago where an older version did it. */
  public static Instant savedAt(Safetensors file) {
    try {
      return Instant.parse(file.metadata().getOrDefault(ModelFile.SAVED, ""));
    } catch (DateTimeParseException e) {
      return Instant.MIN;
    }
  }

  /** When it was saved; long ago where an older version did it. */
  public Instant savedAt() {
    return savedAt(saved);
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
    long seconds = Math.max(0, Duration.between(savedAt(), now).toSeconds());
    String age =
        seconds < 60
            ? seconds + " s"
            : seconds < 3600 ? seconds / 60 + " min" : seconds / 3600 + " h";
    return Phrase.of("checkpoint of %s, iteration %d, %s ago", worker(), number("iteration"), age);
  }

  /** {@code checkpoint of w2, iteration 340, 12,345 samples}: those of all workers. */
  public String counted() {
    return Phrase.of(
        "checkpoint of %s, iteration %,d, %,d samples", worker(), number("iteration"), samples());
  }

  /** Samples of all workers, as far as this one knew. */
  private long samples() {
    long before = number(CheckpointFiles.SAMPLES_BEFORE);
    if (saved.metadata().containsKey(CLUSTER_SAMPLES)) {
      return before + number(CLUSTER_SAMPLES);
    }
    long others =
        saved.metadata().keySet().stream()
            .filter(key -> key.startsWith(Roster.SAMPLES_OF))
            .mapToLong(this::number)
            .sum();
    return before + number("samples") + others;
  }

  /** The accuracy of the best evaluation so far, as its worker knows it. */
  public OptionalDouble bestAccuracy() {
    try {
      double accuracy = Double.parseDouble(saved.metadata().getOrDefault(BestTensors.ACCURACY, ""));
      return Double.isFinite(accuracy) ? OptionalDouble.of(accuracy) : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  private String worker() {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - ENDING.length());
  }

  private long number(String key) {
    return Long.parseLong(saved.metadata().getOrDefault(key, "0"));
  }
}
