package io.dlion.cli.emulate;

import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Environments;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import picocli.CommandLine.Option;

/** The flags of commands that emulate several environments, each by itself. */
public final class EmulatedPlaces {
  @Option(
      names = "--environment",
      split = ",",
      paramLabel = "NAME|FILE",
      description =
          "Where: names from dlion environments, or YAML files, each for itself. Default:"
              + " hetero-sys-a.")
  private List<String> environments = List.of("hetero-sys-a");

  @Option(
      names = "--real-bandwidth",
      description =
          "Take bandwidths as they are. Otherwise they are scaled to the model's size, so that"
              + " communication weighs what it does for a model of 5 MB.")
  private boolean realBandwidth;

  /** The environments in runs of so much virtual time, changed as was asked for. */
  public List<Environment> in(Duration time, Changes changes) throws IOException {
    List<Environment> where = new ArrayList<>();
    for (String name : new LinkedHashSet<>(environments)) {
      Environment found = changes.applied(Environments.find(name).withBudget(time.toNanos()));
      where.add(realBandwidth ? found.withRealBandwidth() : found);
    }
    return where;
  }
}
