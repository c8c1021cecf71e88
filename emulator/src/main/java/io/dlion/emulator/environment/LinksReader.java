package io.dlion.emulator.environment;

import io.dlion.core.Phrase;
import io.dlion.emulator.yaml.Fields;
import io.dlion.emulator.yaml.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads {@code links:}, what is particular between two workers: {@code {w1-w2: 5, w2>w3: {mbit: 10,
 * latency: 80ms}}}. A dash is both directions, an arrow one, and an arrow is the more particular of
 * the two.
 */
final class LinksReader {
  private final Names names;
  private final double lanMbit;
  private final Map<DirectedLink, PathLimit> both = new HashMap<>();
  private final Map<DirectedLink, PathLimit> single = new HashMap<>();

  LinksReader(Names names, double lanMbit) {
    this.names = names;
    this.lanMbit = lanMbit;
  }

  Map<DirectedLink, PathLimit> read(Value links) {
    for (Map.Entry<String, Value> entry : links.entries().entrySet()) {
      String pair = entry.getKey();
      Value value = entry.getValue();
      List<DirectedLink> directions = names.pair(value, pair);
      PathLimit limit = limit(value);
      for (DirectedLink link : directions) {
        limit.mbit().ifPresent(mbit -> mustBeNarrow(value, link, mbit));
        if ((directions.size() == 1 ? single : both).put(link, limit) != null) {
          throw value.error("this pair is given twice");
        }
      }
    }
    both.putAll(single);
    return both;
  }

  private static PathLimit limit(Value value) {
    if (!value.isGroup()) {
      return new PathLimit(Optional.of(Schedules.mbit(value)), OptionalLong.empty());
    }
    Fields fields = value.fields("mbit", "latency");
    Optional<Value> latency = fields.find("latency");
    return new PathLimit(
        fields.find("mbit").map(Schedules::mbit),
        latency.isPresent() ? OptionalLong.of(Times.nanos(latency.get())) : OptionalLong.empty());
  }

  /** A limit that can never be felt is a misunderstanding. */
  private void mustBeNarrow(Value value, DirectedLink link, Schedule mbit) {
    Machine from = names.machine(link.from());
    Machine to = names.machine(link.to());
    double ends =
        from.reachesByLan(to)
            ? lanMbit
            : Math.min(from.access().up().greatest(), to.access().down().greatest());
    if (mbit.greatest() > ends) {
      throw value.error(
          Phrase.of(
              "expected at most the %s Mbit/s that the ends of %s carry, found %s",
              text(ends), link, text(mbit.greatest())));
    }
  }

  private static String text(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
