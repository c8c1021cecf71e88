package io.dlion.cli.emulate;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.emulator.environment.Environment;
import java.util.List;

/** Settings that are about streams, which not all environments have. */
final class StreamSettings {
  private static final List<String> SECTIONS = List.of("stream.", "replay.", "drift.");

  /** What an emulation does by itself. */
  private static final String TEST = "stream.test";

  private StreamSettings() {}

  /**
   * Checks that what was changed of streams has an effect.
   *
   * @throws UserError where nobody learns from a stream
   */
  static void requireEffect(List<ComparedMethod> methods, List<Environment> where) {
    boolean streams = where.stream().anyMatch(Environment::hasStreams);
    for (ComparedMethod method : methods) {
      Settings preset = Presets.find(method.preset()).settings();
      for (String key : method.settings().asMap().keySet()) {
        String value = method.settings().text(key);
        if (value.equals(preset.text(key)) || SECTIONS.stream().noneMatch(key::startsWith)) {
          continue;
        }
        if (!streams) {
          throw new UserError(
              Phrase.of(
                  "--set %s=%s: has no effect where no records arrive; expected an environment with"
                      + " a stream, such as stream-steady. Leave it out, or take one of these",
                  key, value));
        }
        if (key.equals(TEST)) {
          throw new UserError(
              Phrase.of(
                  "--set %s=%s: emulations evaluate on the test set, with the labels that hold by"
                      + " then. Leave it out",
                  key, value));
        }
      }
    }
  }
}
