package io.dlion.cli.tuned;

import io.dlion.core.UserError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * Methods tuned for one environment, as a {@code tuned.yaml} holds them. Immutable.
 *
 * @param file where it was read, or is written, for messages
 * @param environment it was tuned in
 * @param data it was tuned on, by name
 * @param model it was tuned for
 * @param origin how it was made, for people
 * @param methods by name
 */
public record Tuned(
    String file,
    String environment,
    String data,
    String model,
    Map<String, String> origin,
    Map<String, Method> methods) {
  /** Copies the maps, in their order. */
  public Tuned {
    origin = ordered(origin);
    methods = ordered(methods);
  }

  /**
   * A tuned method.
   *
   * @param preset what it is a variant of
   * @param fixed settings that are not the preset's and were not tuned
   * @param set settings that were found
   * @param found what came of them on validation data, for people
   */
  public record Method(
      String preset,
      Map<String, String> fixed,
      Map<String, String> set,
      Map<String, String> found) {
    /** Copies the maps, in their order. */
    public Method {
      fixed = ordered(fixed);
      set = ordered(set);
      found = ordered(found);
    }

    /** All settings that are not the preset's. */
    public Map<String, String> changes() {
      Map<String, String> all = new LinkedHashMap<>(fixed);
      all.putAll(set);
      return all;
    }
  }

  private static <T> Map<String, T> ordered(Map<String, T> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /**
   * What differs from a preset in the method of that name; empty where the file has none.
   *
   * @throws UserError where that name is a variant of another preset
   */
  public Optional<Map<String, String>> changes(String name, String preset) {
    Method method = methods.get(name);
    if (method != null && !method.preset().equals(preset)) {
      throw new UserError(
          file
              + ": "
              + name
              + " is tuned as a variant of "
              + method.preset()
              + ", and here it is one of "
              + preset
              + "; give it another name, or tune it anew");
    }
    return Optional.ofNullable(method).map(Method::changes);
  }

  /**
   * What the settings of a method are, where there must be some.
   *
   * @throws UserError where the file has none of that name
   */
  public Map<String, String> requireChanges(String preset) {
    return changes(preset, preset)
        .orElseThrow(() ->
            new UserError(
                file
                    + ": has no settings for preset "
                    + preset
                    + "; it has "
                    + String.join(", ", methods.keySet())
                    + " (dlion tune --preset "
                    + preset
                    + " finds some)"));
  }

  /** What is not as it was tuned for, a warning each. */
  public List<String> differences(String toModel, Optional<String> toData) {
    List<String> differences = new ArrayList<>();
    if (!toModel.equals(model)) {
      differences.add(warning("model " + model, toModel));
    }
    toData
        .filter(name -> !name.equals(data))
        .ifPresent(name -> differences.add(warning("data " + data, name)));
    return differences;
  }

  /** A warning that something is not as it was. */
  String warning(String tunedFor, String here) {
    return "warning: " + file + " is tuned for " + tunedFor + ", and this is " + here;
  }

  /** The file's text. */
  public String toYaml(List<String> comments) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(TunedReader.ENVIRONMENT, environment);
    map.put(TunedReader.DATA, data);
    map.put(TunedReader.MODEL, model);
    map.put(TunedReader.ORIGIN, origin);
    Map<String, Object> all = new LinkedHashMap<>();
    methods.forEach((name, method) -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put(TunedReader.PRESET, method.preset());
      one.put(TunedReader.FIXED, method.fixed());
      one.put(TunedReader.SET, method.set());
      one.put(TunedReader.FOUND, method.found());
      all.put(name, one);
    });
    map.put(TunedReader.METHODS, all);
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    String head =
        comments.stream()
            .map(line -> "# " + line.replaceAll("\\R", " ") + "\n")
            .collect(Collectors.joining());
    return head + new Yaml(options).dump(map);
  }
}
