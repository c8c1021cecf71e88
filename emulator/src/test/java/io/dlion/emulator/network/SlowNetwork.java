package io.dlion.emulator.network;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleBiFunction;

/**
 * What links do, said again as plainly as possible and without care for speed: from one change to
 * the next, all rates rise together until something is full, in floating-point seconds.
 */
final class SlowNetwork {
  /**
   * A message to be sent.
   *
   * @param urgency the least goes first
   * @param passes the names of what it passes
   */
  record Sent(
      String name, double at, String link, int urgency, double bytes, List<String> passes) {}

  private final ToDoubleBiFunction<String, Double> capacity;
  private final Set<String> ports = new HashSet<>();
  private final List<Sent> plan;
  private final List<Double> changes;
  private final Map<String, Double> remaining = new HashMap<>();
  private final List<Sent> present = new ArrayList<>();
  private final Map<String, Double> left = new TreeMap<>();
  private double now;

  /**
   * Links to be watched.
   *
   * @param capacity bytes per second through what has a name, at a time
   * @param plan what is sent
   * @param changes when capacities change
   */
  SlowNetwork(ToDoubleBiFunction<String, Double> capacity, List<Sent> plan, List<Double> changes) {
    this.capacity = capacity;
    plan.forEach(m -> ports.addAll(m.passes));
    this.plan = plan.stream().sorted(Comparator.comparingDouble(Sent::at)).toList();
    this.changes = changes;
  }

  /** The seconds at which each message has left. */
  Map<String, Double> run() {
    int next = 0;
    while (next < plan.size() || !present.isEmpty()) {
      Map<Sent, Double> rates = rates(served());
      double until = next < plan.size() ? plan.get(next).at : Double.POSITIVE_INFINITY;
      for (double change : changes) {
        until = change > now ? Math.min(until, change) : until;
      }
      for (Map.Entry<Sent, Double> entry : rates.entrySet()) {
        until = Math.min(until, now + bytesLeft(entry.getKey()) / entry.getValue());
      }
      for (Map.Entry<Sent, Double> entry : rates.entrySet()) {
        double bytes = bytesLeft(entry.getKey()) - entry.getValue() * (until - now);
        remaining.put(entry.getKey().name, bytes);
      }
      now = until;
      rates.keySet().stream().filter(m -> bytesLeft(m) < 1e-3).forEach(this::leave);
      while (next < plan.size() && plan.get(next).at <= now) {
        present.add(plan.get(next));
        remaining.put(plan.get(next).name, plan.get(next).bytes);
        next++;
      }
    }
    return left;
  }

  private double bytesLeft(Sent message) {
    return remaining.getOrDefault(message.name, 0.0);
  }

  private void leave(Sent message) {
    present.remove(message);
    left.put(message.name, now);
  }

  /** The most urgent of each link, and of these the first. */
  private List<Sent> served() {
    List<Sent> served = new ArrayList<>();
    for (String link : new HashSet<>(present.stream().map(Sent::link).toList())) {
      Optional<Sent> first =
          present.stream()
              .filter(m -> m.link.equals(link))
              .min(Comparator.comparingInt(Sent::urgency));
      first.ifPresent(served::add);
    }
    return served;
  }

  private Map<Sent, Double> rates(List<Sent> served) {
    Map<Sent, Double> rates = new HashMap<>();
    served.forEach(m -> rates.put(m, 0.0));
    Set<Sent> rising = new HashSet<>(served);
    while (!rising.isEmpty()) {
      double step = Double.POSITIVE_INFINITY;
      for (String port : ports) {
        long count = rising.stream().filter(m -> m.passes.contains(port)).count();
        step = count == 0 ? step : Math.min(step, free(port, rates) / count);
      }
      for (Sent message : rising) {
        rates.merge(message, step, Double::sum);
      }
      Set<String> full = new HashSet<>();
      for (String port : ports) {
        if (free(port, rates) < 1e-9 * capacity.applyAsDouble(port, now)) {
          full.add(port);
        }
      }
      rising.removeIf(m -> m.passes.stream().anyMatch(full::contains));
    }
    return rates;
  }

  private double free(String port, Map<Sent, Double> rates) {
    double used = 0;
    for (Map.Entry<Sent, Double> entry : rates.entrySet()) {
      used += entry.getKey().passes.contains(port) ? entry.getValue() : 0;
    }
    return capacity.applyAsDouble(port, now) - used;
  }
}
