package io.dlion.cli.reproduce;

import io.dlion.emulator.yaml.Fields;
import io.dlion.emulator.yaml.Value;
import java.util.Collections;
import java.util.List;

/** Reads an {@code experiment.yaml}. Every error names file, line and key. */
final class ExperimentReader {
  private static final String FLAGS =
      "flags of dlion emulate such as --preset dlion,ako --budget 300s";

  private ExperimentReader() {}

  static Experiment read(String name, Value root) {
    Fields fields = root.fields("claim", "source", "command", "expected", "quick");
    Value command = fields.get("command");
    List<Arguments> runs =
        command.list("a list of the arguments of each run").stream()
            .map(ExperimentReader::arguments)
            .toList();
    if (runs.isEmpty()) {
      throw command.error("expected at least one run, found none");
    }
    return new Experiment(
        name,
        line(fields.get("claim")),
        line(fields.get("source")),
        runs,
        fields.get("expected").text("what should come out").strip(),
        fields
            .find("quick")
            .map(quick -> quick(quick, runs.size()))
            .orElse(Collections.nCopies(runs.size(), new Arguments(List.of()))));
  }

  /** One text for all runs, or a list with one for each. */
  private static List<Arguments> quick(Value value, int runs) {
    if (!value.isList()) {
      return Collections.nCopies(runs, arguments(value));
    }
    List<Arguments> each = value.list("a list").stream().map(ExperimentReader::arguments).toList();
    if (each.size() != runs) {
      throw value.error(
          "expected one text, or one for each of the " + runs + " runs, found " + each.size());
    }
    return each;
  }

  private static Arguments arguments(Value value) {
    return Arguments.parse(value.text(FLAGS)).orElseThrow(() -> value.expected(FLAGS));
  }

  private static String line(Value value) {
    String text = value.text("a line of text").strip();
    if (text.contains("\n")) {
      throw value.expected("a single line of text");
    }
    return text;
  }
}
