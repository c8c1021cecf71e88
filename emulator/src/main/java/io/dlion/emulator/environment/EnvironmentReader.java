package io.dlion.emulator.environment;

import io.dlion.core.WorkerPair;
import io.dlion.emulator.yaml.Fields;
import io.dlion.emulator.yaml.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * Reads an environment's file; {@code environments/example.yaml} explains the format. Every error
 * names file and line.
 */
final class EnvironmentReader {
  private static final double LAN_MBIT = 1000;
  private static final long LAN_LATENCY_NANOS = 500_000;
  private static final long WAN_LATENCY_NANOS = 25_000_000;

  private EnvironmentReader() {}

  static Environment read(String name, Value root) {
    return environment(name, root);
  }

  private static Environment environment(String name, Value root) {
    Fields fields =
        root.fields(
            "description",
            "workers",
            "machines",
            "lan-mbit",
            "latency",
            "links",
            "unreachable",
            "events",
            "stream",
            "calibration",
            "real-bandwidth");
    double lanMbit = fields.find("lan-mbit").map(Schedules::fixedMbit).orElse(LAN_MBIT);
    List<Machine> machines =
        new WorkersReader(
                lanMbit,
                fields.find("stream").map(StreamsReader::ofAll),
                new MachinesReader(fields.find("machines")))
            .read(fields.get("workers"));
    Names names = new Names(machines);
    Optional<Fields> latency = fields.find("latency").map(l -> l.fields("lan", "wan"));
    long lanLatencyNanos =
        latency.flatMap(l -> l.find("lan")).map(Times::nanos).orElse(LAN_LATENCY_NANOS);
    Environment environment =
        Environment.of(
            new Definition(
                name,
                fields.find("description").map(d -> d.text("a line of text")).orElse(""),
                machines,
                lanMbit,
                lanLatencyNanos,
                lanLatencyNanos,
                latency.flatMap(l -> l.find("wan")).map(Times::nanos).orElse(WAN_LATENCY_NANOS),
                fields.find("calibration").map(CostsReader::read).orElse(Costs.NONE),
                fields.find("real-bandwidth").map(Value::flag),
                fields
                    .find("links")
                    .map(l -> new LinksReader(names, lanMbit).read(l))
                    .orElse(Map.of()),
                happenings(fields, names),
                fields.find("stream").map(s -> StreamsReader.drifts(s, names)).orElse(List.of())));
    requireFlow(fields, environment);
    if (environment.withoutServers().initialMembers().isEmpty()) {
      throw root.error(
          "every worker that trains joins later: let some be there from the beginning");
    }
    return environment;
  }

  private static List<LongFunction<Happening>> happenings(Fields fields, Names names) {
    List<LongFunction<Happening>> happenings = new ArrayList<>();
    Optional<Value> value = fields.find("unreachable");
    List<WorkerPair> pairs = value.map(names::unreachable).orElse(List.of());
    value.ifPresent(v -> {
      names.requireOneIsland(v, Set.copyOf(pairs));
      happenings.add(_ -> new Happening.Unreachable(0, pairs));
    });
    fields
        .find("events")
        .ifPresent(e -> happenings.addAll(new EventsReader(names, Set.copyOf(pairs)).read(e)));
    return happenings;
  }

  /** A stream of which nobody gets anything is a misunderstanding. */
  private static void requireFlow(Fields fields, Environment environment) {
    Optional<Value> stream = fields.find("stream");
    if (stream.isPresent() && !environment.hasStreams()) {
      throw stream.get().error("expected records to arrive at some worker, found rate 0 for all");
    }
  }
}
