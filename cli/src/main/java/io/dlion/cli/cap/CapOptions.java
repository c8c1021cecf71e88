package io.dlion.cli.cap;

import io.dlion.cluster.cap.Caps;
import io.dlion.core.UserError;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that say what a worker may take of its machine and its lines. */
public final class CapOptions {
  private static final int NICE_MAX = 19;

  @Option(
      names = "--max-mbit",
      order = 80,
      paramLabel = "N",
      description =
          "Send at most N Mbit/s to all peers together, and take at most N. Concerns this worker"
              + " only; messages are fitted to what is left.")
  private @Nullable String max;

  @Option(
      names = "--max-upload-mbit",
      order = 81,
      paramLabel = "N",
      description = "Send at most N Mbit/s.")
  private @Nullable String maxUpload;

  @Option(
      names = "--quiet",
      order = 82,
      paramLabel = "FROM-TO=RATE",
      description =
          "Hours of the day, in this machine's local time, with another maximum in both directions:"
              + " 08:00-18:00=1mbit, 22:00-06:00=0.5mbit; may be repeated.")
  private List<String> quiet = List.of();

  @Option(
      names = "--nice",
      order = 83,
      paramLabel = "N",
      description =
          "Let other programs of this machine go first: priority 0 (as others) to 19 (last). Linux"
              + " only.")
  private @Nullable Integer nice;

  /**
   * What they say.
   *
   * @throws UserError if that is nothing that can be done
   */
  public MachineShare share() {
    Caps caps = Caps.parse(Optional.ofNullable(max), Optional.ofNullable(maxUpload), quiet);
    if (nice == null) {
      return new MachineShare(caps, OptionalInt.empty());
    }
    if (nice < 0 || nice > NICE_MAX) {
      throw new UserError("--nice: expected 0 to " + NICE_MAX + ", found " + nice);
    }
    return new MachineShare(caps, OptionalInt.of(nice));
  }
}
