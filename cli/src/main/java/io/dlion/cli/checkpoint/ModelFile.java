package io.dlion.cli.checkpoint;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Learner;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.tensor.ElementType;
import io.dlion.data.tensor.NamedTensor;
import io.dlion.data.tensor.Safetensors;
import io.dlion.engine.ModelSpec;
import io.dlion.engine.StateTensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A trained model as a safetensors file: PyTorch's whole state_dict, and in the metadata which
 * model it is, for what examples, and how they are made of data, so that it can be used without the
 * data it was trained on.
 */
public final class ModelFile {
  /** When a run saved it; says which of a run's files is the newest, also where they are copies. */
  public static final String SAVED = "dlion.saved";

  private static final String FORMAT = "format";
  private static final String PREPROCESSING = "dlion.preprocessing";

  private ModelFile() {}

  /**
   * Writes a model atomically.
   *
   * @param preprocessing how its examples are made; empty where that is not known
   */
  public static void write(
      Path file,
      ModelSpec model,
      Optional<Preprocessing> preprocessing,
      Learner learner,
      Map<String, String> extra)
      throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>(extra);
    metadata.putAll(about(model.name(), model.shape(), preprocessing));
    Safetensors.write(file, tensors(model.state(learner)), metadata);
  }

  /** What a file says of its model: which it is, for what examples, and how these are made. */
  public static Map<String, String> about(
      String model, ExampleShape shape, Optional<Preprocessing> preprocessing) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(FORMAT, "pt");
    metadata.put("dlion.model", model);
    metadata.put("dlion.kind", shape.kind().name());
    metadata.put(
        "dlion.input", String.join(",", shape.input().stream().map(String::valueOf).toList()));
    metadata.put("dlion.outputs", Integer.toString(shape.outputs()));
    preprocessing.ifPresent(p -> metadata.put(PREPROCESSING, p.toJson()));
    return metadata;
  }

  /** What else a file says. */
  static Map<String, String> without(Map<String, String> metadata) {
    Map<String, String> rest = new LinkedHashMap<>(metadata);
    rest.keySet().removeIf(key -> key.equals(FORMAT) || key.startsWith("dlion."));
    return rest;
  }

  private static List<NamedTensor> tensors(List<StateTensor> state) {
    return state.stream()
        .map(t -> new NamedTensor(t.name(), ElementType.valueOf(t.type()), t.shape(), t.values()))
        .toList();
  }

  /** The examples that a model was trained for. */
  public static ExampleShape shape(Safetensors model, Path file) {
    try {
      List<Integer> input = new ArrayList<>();
      for (String dimension : metadata(model, "dlion.input", file).split(",", -1)) {
        input.add(Integer.valueOf(dimension));
      }
      return new ExampleShape(
          input,
          ExampleShape.Kind.valueOf(metadata(model, "dlion.kind", file)),
          Integer.parseInt(metadata(model, "dlion.outputs", file)));
    } catch (IllegalArgumentException e) {
      throw new UserError(
          file + ": its metadata do not say what examples the model is for: " + e.getMessage(), e);
    }
  }

  /** How the examples are made that a model was trained for; empty in files of older versions. */
  public static Optional<Preprocessing> preprocessing(Safetensors model, Path file) {
    Optional<Preprocessing> preprocessing =
        Optional.ofNullable(model.metadata().get(PREPROCESSING))
            .map(json -> Preprocessing.parse(json, file + ": " + PREPROCESSING));
    ExampleShape shape = shape(model, file);
    if (preprocessing.isPresent() && !preprocessing.get().shape().equals(shape)) {
      throw new UserError(
          Phrase.of(
              "%s: %s is for %s, but the model for %s: the file is damaged",
              file, PREPROCESSING, preprocessing.get().shape(), shape));
    }
    return preprocessing;
  }

  private static String metadata(Safetensors model, String key, Path file) {
    String value = model.metadata().get(key);
    if (value == null) {
      throw new UserError(
          file + ": not a model that dlion train wrote: no " + key + " in its metadata");
    }
    return value;
  }

  /** Copies a model's weights and buffers into a learner of the same model. */
  public static void load(Safetensors model, Path file, Learner learner) {
    copy(model, file, learner.parameters(), learner.weights());
    copy(model, file, learner.bufferLayout(), learner.buffers());
  }

  private static void copy(
      Safetensors model, Path file, ParameterLayout layout, MemorySegment values) {
    model.copyTo(layout, values, file);
  }
}
