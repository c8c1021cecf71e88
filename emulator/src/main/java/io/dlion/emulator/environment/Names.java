package io.dlion.emulator.environment;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.emulator.yaml.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/** Reads references to the workers and sites of an environment. */
final class Names {
  private static final int LISTED_MAX = 8;

  private final Map<String, Machine> machines = new LinkedHashMap<>();

  Names(List<Machine> machines) {
    machines.forEach(m -> this.machines.put(m.id().name(), m));
  }

  /** A worker that there is. */
  Machine machine(WorkerId id) {
    return Objects.requireNonNull(machines.get(id.name()));
  }

  /** A worker. */
  WorkerId worker(Value value) {
    String name = value.text("the name of a worker");
    return find(name).orElseThrow(() -> unknown(value, "worker", name));
  }

  /** All workers. */
  List<WorkerId> all() {
    return machines.values().stream().map(Machine::id).toList();
  }

  /** Workers, one by one or by their site. */
  List<WorkerId> workersOrSites(Value value) {
    List<WorkerId> found = new ArrayList<>();
    for (Value element : value.list("a list of workers or sites")) {
      String name = element.text("the name of a worker or site");
      found.addAll(side(element, name));
    }
    return found;
  }

  private List<WorkerId> site(String name) {
    return machines.values().stream()
        .filter(m -> m.worker().site().equals(name))
        .map(Machine::id)
        .toList();
  }

  /** {@code w1>w2}, one way, or {@code w1-w2}, both. */
  List<DirectedLink> pair(Value place, String text) {
    int arrow = text.indexOf('>');
    if (arrow >= 0) {
      return List.of(link(place, text, arrow));
    }
    // A dash may also be part of a name.
    int first = text.indexOf('-');
    for (int dash = first; dash >= 0; dash = text.indexOf('-', dash + 1)) {
      if (find(before(text, dash)).isPresent() && find(after(text, dash)).isPresent()) {
        return bothWays(link(place, text, dash));
      }
    }
    if (first < 0) {
      throw place.error(
          "expected a pair such as w1-w2 (both ways) or w1>w2, found \"" + text + '"');
    }
    return bothWays(link(place, text, first));
  }

  /**
   * Pairs that cannot reach each other: one, or a list; a site stands for all its workers.
   *
   * @return each once
   */
  List<WorkerPair> unreachable(Value value) {
    if (!value.isList()) {
      return pairs(value);
    }
    SequencedSet<WorkerPair> all = new LinkedHashSet<>();
    for (Value element : value.list("a list of pairs such as w1-w2")) {
      if (!all.addAll(pairs(element))) {
        throw element.error("this pair is given twice");
      }
    }
    if (all.isEmpty()) {
      throw value.error("expected pairs such as w1-w2, found none: leave it out");
    }
    return List.copyOf(all);
  }

  private List<WorkerPair> pairs(Value place) {
    String text = place.text("a pair of workers or sites such as w1-w2, or a list of pairs");
    int first = text.indexOf('-');
    if (first < 0 || text.indexOf('>') >= 0) {
      throw place.error(
          "expected a pair of workers or sites such as w1-w2, which is both ways, found \""
              + text
              + '"');
    }
    // A dash may also be part of a name.
    int dash = first;
    for (int at = first; at >= 0; at = text.indexOf('-', at + 1)) {
      if (!workerOrSite(before(text, at)).isEmpty() && !workerOrSite(after(text, at)).isEmpty()) {
        dash = at;
        break;
      }
    }
    List<WorkerPair> pairs = new ArrayList<>();
    for (WorkerId a : side(place, before(text, dash))) {
      for (WorkerId b : side(place, after(text, dash))) {
        if (a.equals(b)) {
          throw place.error("a worker always reaches itself, found \"" + text + '"');
        }
        pairs.add(new WorkerPair(a, b));
      }
    }
    return pairs;
  }

  private List<WorkerId> side(Value place, String name) {
    List<WorkerId> workers = workerOrSite(name);
    if (workers.isEmpty()) {
      throw unknown(place, "worker or site", name);
    }
    return workers;
  }

  private List<WorkerId> workerOrSite(String name) {
    return find(name).map(List::of).orElseGet(() -> site(name));
  }

  /** Whoever cannot reach somebody directly must do so over others. */
  void requireOneIsland(Value place, Set<WorkerPair> unreachable) {
    Islands islands =
        Islands.of(machines.values().stream().map(Machine::worker).toList(), unreachable);
    if (islands.areSeveral()) {
      throw place.error(
          "expected that all reach each other, if only over others; found islands: " + islands);
    }
  }

  private DirectedLink link(Value place, String text, int separator) {
    WorkerId from = end(place, before(text, separator));
    WorkerId to = end(place, after(text, separator));
    if (from.equals(to)) {
      throw place.error("a worker has no link to itself, found \"" + text + '"');
    }
    return new DirectedLink(from, to);
  }

  private static List<DirectedLink> bothWays(DirectedLink link) {
    return List.of(link, new DirectedLink(link.to(), link.from()));
  }

  private WorkerId end(Value place, String name) {
    return find(name).orElseThrow(() -> unknown(place, "worker", name));
  }

  private static String before(String text, int separator) {
    return text.substring(0, separator).strip();
  }

  private static String after(String text, int separator) {
    return text.substring(separator + 1).strip();
  }

  /** The links between these workers and all others, both ways. */
  List<DirectedLink> around(List<WorkerId> inside) {
    return machines.values().stream()
        .map(Machine::id)
        .filter(w -> !inside.contains(w))
        .flatMap(w -> inside.stream().flatMap(i -> bothWays(new DirectedLink(i, w)).stream()))
        .toList();
  }

  private Optional<WorkerId> find(String name) {
    return Optional.ofNullable(machines.get(name)).map(Machine::id);
  }

  private UserError unknown(Value place, String what, String name) {
    List<String> names = List.copyOf(machines.keySet());
    String all =
        names.size() <= LISTED_MAX
            ? String.join(", ", names)
            : names.getFirst() + " … " + names.getLast();
    return place.error("no " + what + " is called \"" + name + "\"; the workers are " + all);
  }
}
