package io.dlion.emulator.run;

import io.dlion.core.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Who takes whom for gone though both are there. Confined to its emulation. */
final class Splits {
  private final List<Set<WorkerId>> present = new ArrayList<>();
  private final List<Set<WorkerId>> ever = new ArrayList<>();

  /** Some and all others lose sight of each other. */
  void begin(Set<WorkerId> some) {
    present.add(some);
    ever.add(some);
  }

  /** They see each other again, as far as this keeps them apart. */
  void end(Set<WorkerId> some) {
    present.remove(some);
  }

  /** Whether two take each other for gone. */
  boolean separate(WorkerId a, WorkerId b) {
    return count(present, a, b) > 0;
  }

  /** How often two have lost sight of each other so far. */
  int between(WorkerId a, WorkerId b) {
    return count(ever, a, b);
  }

  private static int count(List<Set<WorkerId>> splits, WorkerId a, WorkerId b) {
    return (int) splits.stream().filter(s -> s.contains(a) != s.contains(b)).count();
  }
}
