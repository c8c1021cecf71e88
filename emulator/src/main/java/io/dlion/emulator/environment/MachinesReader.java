package io.dlion.emulator.environment;

import io.dlion.core.settings.Nearest;
import io.dlion.emulator.yaml.Fields;
import io.dlion.emulator.yaml.Value;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code machines: {box: {cores: 2, slowdown: 1.4}}}, machines whose cores several workers
 * share. Whoever is on one says so by {@code machine: box}.
 */
final class MachinesReader {
  private static final int CORES_MAX = 4096;
  private static final double SLOWDOWN_MAX = 100;

  /** What all workers of a machine have in common. */
  private record Shared(int cores, double slowdown) {}

  private final Optional<Value> block;
  private final Map<String, Shared> machines = new LinkedHashMap<>();
  private final Set<String> used = new LinkedHashSet<>();

  /** Reads the block, if there is one. */
  MachinesReader(Optional<Value> block) {
    this.block = block;
    block.ifPresent(b -> b.entries().forEach((name, its) -> machines.put(name, read(its))));
  }

  private static Shared read(Value machine) {
    Fields fields = machine.fields("cores", "slowdown");
    int cores = fields.get("cores").whole(1, CORES_MAX);
    double slowdown = fields.find("slowdown").map(MachinesReader::slowdown).orElse(1.0);
    return new Shared(cores, slowdown);
  }

  private static double slowdown(Value value) {
    return value.number(
        "how many times longer a core takes while all compute, 1 to 100",
        x -> x >= 1 && x <= SLOWDOWN_MAX);
  }

  /** The cores of a worker that names a machine, and says how many threads it has there. */
  SharedCores shared(Value machine, Optional<Value> threads) {
    String name = machine.text("the name of a machine");
    Shared its = machines.get(name);
    if (its == null) {
      throw machine.error(
          "there is no '" + name + "' in machines" + Nearest.hint(name, machines.keySet()));
    }
    used.add(name);
    return new SharedCores(
        name, its.cores(), its.slowdown(), threads.map(t -> t.whole(1, its.cores())).orElse(1));
  }

  /** A machine on which nobody is may be a name that was mistyped. */
  void requireAllUsed() {
    for (String name : machines.keySet()) {
      if (!used.contains(name)) {
        throw block.orElseThrow().error("no worker is on '" + name + "': leave it out");
      }
    }
  }
}
