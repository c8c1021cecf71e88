package io.dlion.cli.job;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * When a worker may train: spans of each day's local time. What a clock on the wall shows counts,
 * so that a span is an hour shorter or longer in the nights in which clocks are changed.
 *
 * @param spans in the order given; empty: always
 */
public record TrainingHours(List<Span> spans) {
  /** At any hour. */
  public static final TrainingHours ALWAYS = new TrainingHours(List.of());

  /** Copies the spans. */
  public TrainingHours {
    spans = List.copyOf(spans);
  }

  /**
   * A part of each day.
   *
   * @param from when it begins
   * @param to when it ends, on the next day where that is not later; not {@code from}
   */
  public record Span(LocalTime from, LocalTime to) {
    private boolean holds(LocalTime time) {
      boolean begun = !time.isBefore(from);
      boolean open = time.isBefore(to);
      return from.isBefore(to) ? begun && open : begun || open;
    }

    /** {@code 22:00-06:00}. */
    @Override
    public String toString() {
      return from + "-" + to;
    }
  }

  /** Whether a moment is within them. */
  public boolean hold(ZonedDateTime moment) {
    return spans.isEmpty() || spans.stream().anyMatch(s -> s.holds(moment.toLocalTime()));
  }

  /** When that changes next after a moment; empty where it never does. */
  public Optional<ZonedDateTime> nextChange(ZonedDateTime after) {
    boolean now = hold(after);
    return Stream.concat(edges(after), clockChange(after))
        .filter(moment -> moment.isAfter(after) && hold(moment) != now)
        .min(Comparator.comparing(ZonedDateTime::toInstant));
  }

  /** Both moments where a night has an hour twice. */
  private Stream<ZonedDateTime> edges(ZonedDateTime around) {
    LocalDate today = around.toLocalDate();
    return LongStream.rangeClosed(-1, 2)
        .mapToObj(today::plusDays)
        .flatMap(day ->
            spans.stream()
                .flatMap(span -> Stream.of(span.from(), span.to()))
                .map(time -> day.atTime(time).atZone(around.getZone())))
        .flatMap(moment ->
            Stream.of(moment.withEarlierOffsetAtOverlap(), moment.withLaterOffsetAtOverlap()));
  }

  /** An edge may lie in an hour that a night does not have. */
  private static Stream<ZonedDateTime> clockChange(ZonedDateTime after) {
    Optional<Instant> next =
        Optional.ofNullable(after.getZone().getRules().nextTransition(after.toInstant()))
            .map(ZoneOffsetTransition::getInstant);
    return next.map(moment -> moment.atZone(after.getZone())).stream();
  }

  /** {@code 22:00-06:00, 12:00-13:00}; empty where it is always. */
  @Override
  public String toString() {
    return spans.stream().map(Span::toString).collect(Collectors.joining(", "));
  }
}
