package io.dlion.cli.survey;

import java.util.List;
import java.util.Map;

/**
 * What gradients cost.
 *
 * @param workers that were timed, in the order of their names
 * @param slowdowns how many times longer a core of a machine takes while all of them compute, by
 *     the machine's identity; 1 for those that are not in it
 */
record TimedSites(List<Site.Timed> workers, Map<String, Double> slowdowns) {
  double slowdown(String machine) {
    return slowdowns.getOrDefault(machine, 1.0);
  }

  TimedSites of(List<Site.Timed> some) {
    return new TimedSites(some, slowdowns);
  }
}
