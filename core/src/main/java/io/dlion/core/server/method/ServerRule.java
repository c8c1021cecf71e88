package io.dlion.core.server.method;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.settings.Settings;
import io.dlion.core.wire.ValueFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * How a run with a server works, as the settings {@code server.*}, {@code commit.*} and {@code
 * adsp.*} say.
 *
 * @param method when clients commit and are answered
 * @param name who serves, where that is given and it is there; else the members choose
 * @param trains whether the server trains, too, where it has data
 * @param codec the format of commits
 * @param weight of a commit: it is multiplied by this and divided by the number of clients
 * @param overlap whether clients train on until they are answered
 */
public record ServerRule(
    MethodRule method,
    Optional<WorkerId> name,
    boolean trains,
    ValueFormat codec,
    double weight,
    boolean overlap) {
  /** Reads the settings; empty where there is no server. */
  public static Optional<ServerRule> of(Settings settings) {
    return method(settings)
        .map(method ->
            new ServerRule(
                method,
                name(settings),
                settings.is("server.trains", "true"),
                ValueFormat.valueOf(settings.text("server.codec").toUpperCase(Locale.ROOT)),
                settings.number("commit.weight"),
                settings.is("commit.overlap", "on")));
  }

  private static Optional<WorkerId> name(Settings settings) {
    if (settings.isAuto("server.name")) {
      return Optional.empty();
    }
    String name = settings.text("server.name");
    if (name.contains(",") || name.contains(" ")) {
      throw new UserError(
          "server.name="
              + name
              + ": expected the name of one worker; one serves, and another takes over if it"
              + " fails");
    }
    return Optional.of(new WorkerId(name));
  }

  private static Optional<MethodRule> method(Settings settings) {
    return switch (settings.text("server.method")) {
      case "none" -> Optional.empty();
      case "staleness" -> Optional.of(BoundedStaleness.Rule.of(settings));
      case "adacomm" -> Optional.of(AdaComm.Rule.of(settings));
      case "adsp" -> Optional.of(Adsp.Rule.of(settings));
      default -> throw new IllegalArgumentException(settings.text("server.method"));
    };
  }

  /** The format of the models that answer commits: weights in int8 would be too coarse to learn. */
  public ValueFormat answers() {
    return codec == ValueFormat.INT8 ? ValueFormat.BF16 : codec;
  }
}
