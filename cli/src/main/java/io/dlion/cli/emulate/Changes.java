package io.dlion.cli.emulate;

import io.dlion.core.UserError;
import io.dlion.emulator.environment.Adjustments;
import io.dlion.emulator.environment.Environment;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code --set} changes: environments, which are the same for all methods, and methods.
 *
 * @param adjustments of environments
 * @param ofMethods as they were typed
 */
public record Changes(Adjustments adjustments, List<String> ofMethods) {
  /** Copies the list. */
  public Changes {
    ofMethods = List.copyOf(ofMethods);
  }

  /**
   * Tells apart what was typed.
   *
   * @throws UserError for an unknown change of environments, or a value that cannot be
   */
  public static Changes read(List<String> typed) {
    Adjustments adjustments = Adjustments.NONE;
    List<String> ofMethods = new ArrayList<>();
    for (String change : typed) {
      String[] parts = change.split("=", 2);
      String key = parts[0].strip();
      String own = key.substring(key.indexOf(':') + 1).strip();
      if (!own.startsWith(Adjustments.PREFIX)) {
        ofMethods.add(change);
        continue;
      }
      if (!own.equals(key)) {
        throw new UserError(
            "--set "
                + change
                + ": all methods are compared in the same environment: --set "
                + change.substring(change.indexOf(':') + 1).strip());
      }
      if (parts.length < 2) {
        throw new UserError("--set " + change + ": expected KEY=VALUE, such as environment.h=3.2");
      }
      try {
        adjustments = adjustments.with(key, parts[1].strip());
      } catch (UserError invalid) {
        throw new UserError("--set " + change + ": " + invalid.getMessage(), invalid);
      }
    }
    return new Changes(adjustments, ofMethods);
  }

  /** An environment, changed. */
  public Environment applied(Environment environment) {
    try {
      return environment.adjusted(adjustments);
    } catch (UserError impossible) {
      throw new UserError("--set " + impossible.getMessage(), impossible);
    }
  }
}
