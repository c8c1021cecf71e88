package io.dlion.cli.emulate;

import io.dlion.cli.job.Durations;
import io.dlion.cli.option.FlagRange;
import io.dlion.core.UserError;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The flags of commands that emulate runs: what is changed, what is looked at, what it may take.
 */
public final class EmulatedRuns {
  private static final int CORES_MAX = 256;
  private static final int EVALUATIONS = 50;

  @Option(
      names = "--set",
      paramLabel = "[NAME:]KEY=VALUE",
      description = {
        "Change a setting of all methods, or of one, which is not tuned then; may be repeated.",
        "environment.h, environment.mbit and environment.latency change the environments:"
            + " heterogeneity (mean speed over least speed), bandwidth, latency between sites."
      })
  private List<String> changes = List.of();

  @Option(
      names = "--target",
      paramLabel = "SHARE",
      description = "Accuracy to reach soon, for example 0.85 or 85%%.")
  private @Nullable String target;

  @Option(
      names = "--evaluate-every",
      paramLabel = "TIME",
      description = "Virtual time between evaluations. Default: a fiftieth of the time.")
  private @Nullable String evaluateEvery;

  @Option(
      names = "--cores",
      paramLabel = "N",
      description =
          "Cores to use, with a run on each where there are several runs and memory for them; no"
              + " result depends on it. Default: all.")
  private int cores = Runtime.getRuntime().availableProcessors();

  /** What is changed of environments and methods. */
  public Changes changes() {
    return Changes.read(changes);
  }

  /** The accuracy to reach, in (0, 1], if there is one. */
  public OptionalDouble target() {
    return target == null ? OptionalDouble.empty() : OptionalDouble.of(share(target));
  }

  /** {@code 80%} and {@code 0.8} are the same. */
  private static double share(String text) {
    boolean percent = text.endsWith("%");
    try {
      double number = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
      double share = percent ? number / 100 : number;
      if (share > 0 && share <= 1) {
        return share;
      }
    } catch (NumberFormatException e) {
      throw notAShare(text, e);
    }
    throw notAShare(text, null);
  }

  private static UserError notAShare(String text, @Nullable Exception cause) {
    String message =
        "--target: expected a share such as 0.85 or 85%, above 0 and at most 1, found " + text;
    return cause == null ? new UserError(message) : new UserError(message, cause);
  }

  /** Virtual time between evaluations in runs of so much virtual time. */
  public Duration evaluateEvery(Duration time) {
    return evaluateEvery == null
        ? time.dividedBy(EVALUATIONS)
        : Durations.atLeastOneSecond("--evaluate-every", evaluateEvery);
  }

  /** How many cores may be used. */
  public int cores() {
    FlagRange.requireUpTo("--cores", cores, CORES_MAX);
    return cores;
  }
}
