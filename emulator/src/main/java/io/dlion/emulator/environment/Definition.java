package io.dlion.emulator.environment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * What stands in an environment's file.
 *
 * @param machines in the file's order
 * @param lanMbit rate of a worker's LAN port, either direction
 * @param lanLatencyNanos one way, inside a site
 * @param wanLatencyNanos one way, between sites
 * @param calibration of every model that has none of its own
 * @param calibrations by model
 * @param realBandwidth whether bandwidths hold for models of any size; where it is left open, as
 *     soon as there is a calibration
 * @param paths what is particular between two workers
 * @param happenings what happens, given the run's budget in nanoseconds
 */
record Definition(
    String name,
    String description,
    List<Machine> machines,
    double lanMbit,
    long lanLatencyNanos,
    long wanLatencyNanos,
    Optional<Calibration> calibration,
    Map<String, Calibration> calibrations,
    Optional<Boolean> realBandwidth,
    Map<DirectedLink, PathLimit> paths,
    List<LongFunction<Happening>> happenings) {
  Definition {
    machines = List.copyOf(machines);
    calibrations = Map.copyOf(calibrations);
    paths = Map.copyOf(paths);
    happenings = List.copyOf(happenings);
  }

  Definition alone() {
    return new Definition(
        name,
        description,
        machines.subList(0, 1),
        lanMbit,
        lanLatencyNanos,
        wanLatencyNanos,
        calibration,
        calibrations,
        realBandwidth,
        Map.of(),
        List.of());
  }

  Definition withBudget(long budgetNanos) {
    Map<DirectedLink, PathLimit> resolved = new LinkedHashMap<>();
    paths.forEach((link, path) -> resolved.put(link, path.withBudget(budgetNanos)));
    return new Definition(
        name,
        description,
        machines.stream().map(m -> m.withBudget(budgetNanos)).toList(),
        lanMbit,
        lanLatencyNanos,
        wanLatencyNanos,
        calibration,
        calibrations,
        realBandwidth,
        resolved,
        happenings);
  }
}
