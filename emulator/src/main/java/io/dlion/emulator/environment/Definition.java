package io.dlion.emulator.environment;

import io.dlion.core.WorkerId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What stands in an environment's file.
 *
 * @param machines in the file's order
 * @param lanMbit rate of a worker's LAN port, either direction
 * @param lanLatencyNanos one way, inside a site
 * @param portLatencyNanos one way, between LAN ports in different sites
 * @param wanLatencyNanos one way, between sites
 * @param costs what iterations cost the reference worker
 * @param realBandwidth whether bandwidths hold for models of any size; where it is left open, as
 *     soon as there is a calibration
 * @param paths what is particular between two workers
 * @param happenings what happens, given the run's budget in nanoseconds
 * @param drifts how the world changes from which records come, given the run's budget
 */
record Definition(
    String name,
    String description,
    List<Machine> machines,
    double lanMbit,
    long lanLatencyNanos,
    long portLatencyNanos,
    long wanLatencyNanos,
    Costs costs,
    Optional<Boolean> realBandwidth,
    Map<DirectedLink, PathLimit> paths,
    List<LongFunction<Happening>> happenings,
    List<LongFunction<ConceptDrift>> drifts) {
  Definition {
    machines = List.copyOf(machines);
    paths = Map.copyOf(paths);
    happenings = List.copyOf(happenings);
    drifts = List.copyOf(drifts);
  }

  /** Whether something is said of what iterations cost: then bandwidths are usually real ones. */
  boolean isCalibrated() {
    return costs.usual().isPresent()
        || machines.stream().anyMatch(m -> m.costs().usual().isPresent());
  }

  /** Whether something is said of what iterations of a model in particular cost. */
  boolean isCalibratedFor(String model) {
    return costs.byModel().containsKey(model)
        || machines.stream().anyMatch(m -> m.costs().byModel().containsKey(model));
  }

  /** The first machine that trains and nobody else, with all examples, and nothing that happens. */
  Definition alone() {
    Machine first = machines.stream().filter(Machine::trains).findFirst().orElseThrow();
    return with(List.of(first.withoutStream()), Map.of(), List.of());
  }

  /** Only some of the machines. */
  Definition only(Predicate<Machine> which) {
    List<Machine> left = machines.stream().filter(which).toList();
    Set<WorkerId> ids = left.stream().map(Machine::id).collect(Collectors.toSet());
    Map<DirectedLink, PathLimit> between = new LinkedHashMap<>(paths);
    between.keySet().removeIf(link -> !ids.contains(link.from()) || !ids.contains(link.to()));
    return with(left, between, happenings);
  }

  Definition withMachines(List<Machine> others) {
    return with(others, paths, happenings);
  }

  Definition withBudget(long budgetNanos) {
    Map<DirectedLink, PathLimit> resolved = new LinkedHashMap<>();
    paths.forEach((link, path) -> resolved.put(link, path.withBudget(budgetNanos)));
    return with(
        machines.stream().map(m -> m.withBudget(budgetNanos)).toList(), resolved, happenings);
  }

  Definition with(
      List<Machine> otherMachines,
      Map<DirectedLink, PathLimit> otherPaths,
      List<LongFunction<Happening>> otherHappenings) {
    return new Definition(
        name,
        description,
        otherMachines,
        lanMbit,
        lanLatencyNanos,
        portLatencyNanos,
        wanLatencyNanos,
        costs,
        realBandwidth,
        otherPaths,
        otherHappenings,
        drifts);
  }

  Definition named(String other) {
    return new Definition(
        other,
        description,
        machines,
        lanMbit,
        lanLatencyNanos,
        portLatencyNanos,
        wanLatencyNanos,
        costs,
        realBandwidth,
        paths,
        happenings,
        drifts);
  }

  /** With one latency between all machines of different sites. */
  Definition withLatencyBetweenSites(long nanos) {
    Map<String, String> sites =
        machines.stream().collect(Collectors.toMap(m -> m.id().name(), m -> m.worker().site()));
    Map<DirectedLink, PathLimit> changed = new LinkedHashMap<>();
    paths.forEach((link, path) -> {
      boolean apart = !Objects.equals(sites.get(link.from().name()), sites.get(link.to().name()));
      changed.put(link, apart ? new PathLimit(path.mbit(), OptionalLong.empty()) : path);
    });
    return new Definition(
        name,
        description,
        machines,
        lanMbit,
        lanLatencyNanos,
        nanos,
        nanos,
        costs,
        realBandwidth,
        changed,
        happenings,
        drifts);
  }
}
