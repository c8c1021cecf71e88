package io.dlion.emulator.environment;

import io.dlion.core.settings.Nearest;
import io.dlion.emulator.yaml.Value;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code machines: {box: {cores: 2}}}, machines whose cores several workers share. Whoever is
 * on one says so by {@code machine: box}.
 */
final class MachinesReader {
  private static final int CORES_MAX = 4096;

  private final Optional<Value> block;
  private final Map<String, Integer> cores = new LinkedHashMap<>();
  private final Set<String> used = new LinkedHashSet<>();

  /** Reads the block, if there is one. */
  MachinesReader(Optional<Value> block) {
    this.block = block;
    block.ifPresent(b ->
        b.entries()
            .forEach((name, its) ->
                cores.put(name, its.fields("cores").get("cores").whole(1, CORES_MAX))));
  }

  /** The cores of a worker that names a machine, and says how many threads it has there. */
  SharedCores shared(Value machine, Optional<Value> threads) {
    String name = machine.text("the name of a machine");
    Integer itsCores = cores.get(name);
    if (itsCores == null) {
      throw machine.error(
          "there is no '" + name + "' in machines" + Nearest.hint(name, cores.keySet()));
    }
    used.add(name);
    return new SharedCores(name, itsCores, threads.map(t -> t.whole(1, itsCores)).orElse(1));
  }

  /** A machine on which nobody is may be a name that was mistyped. */
  void requireAllUsed() {
    for (String name : cores.keySet()) {
      if (!used.contains(name)) {
        throw block.orElseThrow().error("no worker is on '" + name + "': leave it out");
      }
    }
  }
}
