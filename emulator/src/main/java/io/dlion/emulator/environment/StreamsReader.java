package io.dlion.emulator.environment;

import io.dlion.core.WorkerId;
import io.dlion.emulator.yaml.Fields;
import io.dlion.emulator.yaml.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * Reads {@code stream:}, {@code {rate: 50, bursts: {every: 60s, length: 10s, factor: 5}, begin:
 * 10%}}; of all workers or, without {@code drift}, of some.
 */
final class StreamsReader {
  private static final double BEGIN = 0.1;
  private static final double FACTOR_MAX = 1000;
  private static final int CLASSES_MAX = 1_000_000;

  private StreamsReader() {}

  /** The stream of all workers that have none of their own. */
  static SiteStream ofAll(Value stream) {
    return read(stream, stream.fields("rate", "bursts", "begin", "drift"), Optional.empty());
  }

  /**
   * The stream of some workers.
   *
   * @param usual what holds where nothing else is said
   */
  static SiteStream ofSome(Value stream, Optional<SiteStream> usual) {
    return read(stream, stream.fields("rate", "bursts", "begin"), usual);
  }

  private static SiteStream read(Value stream, Fields fields, Optional<SiteStream> usual) {
    Schedule rate =
        fields
            .find("rate")
            .map(Schedules::perSecond)
            .or(() -> usual.map(SiteStream::rate))
            .orElseThrow(() -> stream.error("expected rate, found none"));
    Optional<Bursts> bursts =
        fields
            .find("bursts")
            .map(StreamsReader::bursts)
            .or(() -> usual.flatMap(SiteStream::bursts));
    double begin =
        fields
            .find("begin")
            .map(Times::share)
            .orElseGet(() -> usual.map(SiteStream::begin).orElse(BEGIN));
    SiteStream found = new SiteStream(rate, bursts, begin);
    if (found.flows() && begin == 1) {
      throw stream.error(
          "training begins with all examples, so none can arrive: expected begin"
              + " below 100%, or rate to be 0");
    }
    return found;
  }

  private static Bursts bursts(Value bursts) {
    Fields fields = bursts.fields("every", "length", "factor");
    long every = positive(fields.get("every"));
    long length = positive(fields.get("length"));
    if (length >= every) {
      throw fields.get("length").error("expected less time than from one burst to the next");
    }
    return new Bursts(
        every,
        length,
        fields
            .get("factor")
            .number("a factor above 0, at most 1000", f -> f > 0 && f <= FACTOR_MAX));
  }

  private static long positive(Value time) {
    long nanos = Times.nanos(time);
    if (nanos == 0) {
      throw time.expected("a time above 0");
    }
    return nanos;
  }

  // ---- drift

  /** How the world changes, in order of time, given a run's budget. */
  static List<LongFunction<ConceptDrift>> drifts(Value stream, Names names) {
    List<LongFunction<ConceptDrift>> drifts = new ArrayList<>();
    Optional<Value> all = stream.fields("rate", "bursts", "begin", "drift").find("drift");
    TimeOrder order = new TimeOrder("drifts", false);
    if (all.isPresent()) {
      for (Value one : all.get().list("a list such as [{at: 1/3, kind: sudden}]")) {
        drifts.add(drift(one, names, order));
      }
    }
    return drifts;
  }

  private static LongFunction<ConceptDrift> drift(Value one, Names names, TimeOrder order) {
    Fields fields = one.fields("at", "kind", "over", "every", "classes", "workers");
    ConceptDrift.Kind kind = kind(fields.get("kind"));
    Moment at = order.next(fields.get("at"));
    Moment span = span(fields, kind);
    int classes = fields.find("classes").map(c -> c.whole(2, CLASSES_MAX)).orElse(0);
    Set<WorkerId> workers =
        new HashSet<>(fields.find("workers").map(names::workersOrSites).orElseGet(names::all));
    if (workers.isEmpty()) {
      throw fields.get("workers").error("expected some workers or sites, found none");
    }
    return budget ->
        new ConceptDrift(kind, at.atNanos(budget), span.atNanos(budget), classes, workers);
  }

  private static ConceptDrift.Kind kind(Value kind) {
    String expected = "sudden, gradual or recurring";
    String text = kind.text(expected);
    for (ConceptDrift.Kind known : ConceptDrift.Kind.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(text)) {
        return known;
      }
    }
    throw kind.expected(expected);
  }

  /** How long it takes, or how often it comes back. */
  private static Moment span(Fields fields, ConceptDrift.Kind kind) {
    String key =
        switch (kind) {
          case SUDDEN -> "";
          case GRADUAL -> "over";
          case RECURRING -> "every";
        };
    for (String other : List.of("over", "every")) {
      Optional<Value> given = fields.find(other);
      if (given.isPresent() && !other.equals(key)) {
        throw given
            .get()
            .error(
                (other.equals("over")
                        ? "only gradual drift takes time"
                        : "only recurring drift comes back")
                    + ": leave it out");
      }
    }
    if (key.isEmpty()) {
      return Moment.START;
    }
    Moment span = Times.moment(fields.get(key));
    if (!Moment.START.isBefore(span)) {
      throw fields.get(key).expected("a time above 0, or a share of the budget");
    }
    return span;
  }
}
