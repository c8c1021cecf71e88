package io.dlion.emulator.environment;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.emulator.yaml.Fields;
import io.dlion.emulator.yaml.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;

/** Reads {@code events:}, a list in order of time such as {@code {at: 100s, crash: w3}}. */
final class EventsReader {
  private static final List<String> KINDS =
      List.of("join", "leave", "crash", "restart", "pause", "cut", "heal", "unreachable");

  private static final List<String> HAVE_AN_END = List.of("pause", "cut", "unreachable");

  private final Names names;
  private final Set<WorkerPair> forEver;
  private final Lives lives = new Lives();
  private final TimeOrder order = new TimeOrder("events", false);
  private final List<LongFunction<Happening>> happenings = new ArrayList<>();

  /**
   * For an environment.
   *
   * @param forEver pairs that cannot reach each other from the beginning
   */
  EventsReader(Names names, Set<WorkerPair> forEver) {
    this.names = names;
    this.forEver = new LinkedHashSet<>(forEver);
  }

  List<LongFunction<Happening>> read(Value events) {
    for (Value element : events.list("a list of events such as {at: 100s, crash: w3}")) {
      event(
          element.fields(
              "at",
              "until",
              "join",
              "leave",
              "crash",
              "restart",
              "pause",
              "cut",
              "heal",
              "unreachable"));
    }
    return happenings;
  }

  private void event(Fields event) {
    String kind = kind(event);
    Value subject = event.get(kind);
    Moment at = order.next(event.get("at"));
    switch (kind) {
      case "cut" -> cut(event, subject, at);
      case "heal" -> heal(links(subject), at);
      case "unreachable" -> unreachable(event, subject, at);
      default -> worker(event, kind, subject, at);
    }
  }

  private static String kind(Fields event) {
    List<String> kinds = KINDS.stream().filter(k -> event.find(k).isPresent()).toList();
    if (kinds.size() != 1) {
      String found = kinds.isEmpty() ? "none" : String.join(" and ", kinds);
      throw event.group().error("expected one of " + String.join(", ", KINDS) + ", found " + found);
    }
    String kind = kinds.getFirst();
    Optional<Value> until = event.find("until");
    if (until.isPresent() && !HAVE_AN_END.contains(kind)) {
      throw until.get().error("only pause, cut and unreachable have an end: leave it out");
    }
    return kind;
  }

  private static Moment end(Value until, Moment at) {
    Moment end = Times.moment(until);
    if (!at.isBefore(end)) {
      throw until.error("expected a time or share of the budget after " + at + ", found " + end);
    }
    return end;
  }

  private void worker(Fields event, String kind, Value subject, Moment at) {
    WorkerId id = names.worker(subject);
    lives.change(kind, id, subject);
    happenings.add(
        switch (kind) {
          case "join" -> budget -> new Happening.Join(at.atNanos(budget), id);
          case "leave" -> budget -> new Happening.Leave(at.atNanos(budget), id);
          case "crash" -> budget -> new Happening.Crash(at.atNanos(budget), id);
          case "restart" -> budget -> new Happening.Restart(at.atNanos(budget), id);
          default -> {
            Moment end = end(event.get("until"), at);
            yield budget -> new Happening.Pause(at.atNanos(budget), id, end.atNanos(budget));
          }
        });
  }

  private void cut(Fields event, Value subject, Moment at) {
    List<DirectedLink> links = links(subject);
    happenings.add(budget -> new Happening.Cut(at.atNanos(budget), links));
    event.find("until").ifPresent(until -> heal(links, end(until, at)));
  }

  /** For good they must not leave anybody without a way to the others, for a time they may. */
  private void unreachable(Fields event, Value subject, Moment at) {
    List<WorkerPair> pairs = names.unreachable(subject);
    happenings.add(budget -> new Happening.Unreachable(at.atNanos(budget), pairs));
    Optional<Value> until = event.find("until");
    if (until.isPresent()) {
      Moment end = end(until.get(), at);
      happenings.add(budget -> new Happening.Reachable(end.atNanos(budget), pairs));
    } else {
      forEver.addAll(pairs);
      names.requireOneIsland(subject, forEver);
    }
  }

  private void heal(List<DirectedLink> links, Moment at) {
    happenings.add(budget -> new Happening.Heal(at.atNanos(budget), links));
  }

  /** Those of a pair; or those between the workers and sites of a list and everybody else. */
  private List<DirectedLink> links(Value subject) {
    if (!subject.isList()) {
      String text = subject.text("a pair such as w1-w2, or a list of workers or sites");
      return names.pair(subject, text);
    }
    List<DirectedLink> links = names.around(names.workersOrSites(subject));
    if (links.isEmpty()) {
      throw subject.error("expected some of the workers, found all or none");
    }
    return links;
  }
}
