package io.dlion.cli.tuned;

import io.dlion.core.UserError;
import io.dlion.core.settings.Effects;
import io.dlion.core.settings.Option;
import io.dlion.core.settings.Options;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import io.dlion.emulator.yaml.Fields;
import io.dlion.emulator.yaml.Value;
import io.dlion.emulator.yaml.YamlFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads a {@code tuned.yaml}. Every error names file, line and key. */
public final class TunedReader {
  static final String ENVIRONMENT = "environment";
  static final String DATA = "data";
  static final String MODEL = "model";
  static final String ORIGIN = "origin";
  static final String METHODS = "methods";
  static final String PRESET = "preset";
  static final String FIXED = "fixed";
  static final String SET = "set";
  static final String FOUND = "found";

  private TunedReader() {}

  /**
   * Reads a file.
   *
   * @throws UserError where there is none, or it is no such file, or an option is outside its space
   *     or has no effect
   */
  public static Tuned read(Path file) throws IOException {
    return read(file.toString(), YamlFile.read(file));
  }

  /** Reads what stands in one; {@code file} is what messages call it. */
  static Tuned read(String file, Value root) {
    Fields fields = root.fields(ENVIRONMENT, DATA, MODEL, ORIGIN, METHODS);
    Map<String, Tuned.Method> methods = new LinkedHashMap<>();
    Value group = fields.get(METHODS);
    group.entries().forEach((name, value) -> methods.put(name, method(value)));
    if (methods.isEmpty()) {
      throw group.error("expected at least one method, found none");
    }
    return new Tuned(
        file,
        fields.get(ENVIRONMENT).text("the name of an environment"),
        fields.get(DATA).text("the name of data"),
        fields.get(MODEL).text("the name of a model"),
        texts(fields.find(ORIGIN)),
        methods);
  }

  private static Tuned.Method method(Value value) {
    Fields fields = value.fields(PRESET, FIXED, SET, FOUND);
    Value named = fields.get(PRESET);
    String preset = named.text("the name of a preset");
    Settings settings;
    try {
      settings = Presets.find(preset).settings();
    } catch (UserError unknown) {
      throw named.wrap(unknown);
    }
    Map<String, String> fixed = settings(fields.find(FIXED), settings, false);
    Map<String, String> set = settings(fields.find(SET), settings, true);
    Tuned.Method method = new Tuned.Method(preset, fixed, set, texts(fields.find(FOUND)));
    try {
      Settings changed = settings.with(method.changes());
      Strategy.of(changed); // throws where settings contradict each other
      Effects.require(changed, settings);
    } catch (UserError impossible) {
      throw value.wrap(impossible);
    }
    return method;
  }

  private static Map<String, String> settings(
      Optional<Value> group, Settings preset, boolean isTuned) {
    Map<String, String> settings = new LinkedHashMap<>();
    group
        .map(Value::entries)
        .orElse(Map.of())
        .forEach((key, value) -> {
          settings.put(key, checked(key, value, preset));
          if (isTuned) {
            requireInSpace(Options.find(key), settings.get(key), value);
          }
        });
    return settings;
  }

  private static String checked(String key, Value value, Settings preset) {
    try {
      return preset.with(key, value.text("a value")).text(key);
    } catch (UserError invalid) {
      throw value.wrap(invalid);
    }
  }

  private static void requireInSpace(Option option, String found, Value value) {
    if (option.space().isEmpty()) {
      throw value.error("is no option that is tuned; expected it under " + FIXED);
    }
    if (!option.space().get().contains(found)) {
      throw value.error(
          "expected a value of its space, "
              + option.space().get()
              + ", found \""
              + found
              + "\"; one beyond it belongs under "
              + FIXED);
    }
  }

  private static Map<String, String> texts(Optional<Value> group) {
    Map<String, String> texts = new LinkedHashMap<>();
    group
        .map(Value::entries)
        .orElse(Map.of())
        .forEach((key, value) -> texts.put(key, value.text("a text")));
    return texts;
  }
}
