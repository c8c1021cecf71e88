package io.dlion.emulator.environment;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Workers that reach each other, directly or over others; different islands do not.
 *
 * @param parts each in the order in which workers are listed
 */
record Islands(List<Set<WorkerId>> parts) {
  /**
   * Where these pairs cannot reach each other directly, and all others can.
   *
   * @param workers all of them
   */
  static Islands of(List<SitedWorker> workers, Set<WorkerPair> unreachable) {
    List<Set<WorkerId>> parts = new ArrayList<>();
    Set<WorkerId> left = new LinkedHashSet<>();
    workers.forEach(worker -> left.add(worker.id()));
    while (!left.isEmpty()) {
      Set<WorkerId> part = new LinkedHashSet<>();
      Deque<WorkerId> open = new ArrayDeque<>(List.of(left.iterator().next()));
      left.remove(open.getFirst());
      while (!open.isEmpty()) {
        WorkerId worker = open.remove();
        part.add(worker);
        List<WorkerId> reached =
            left.stream().filter(o -> !unreachable.contains(new WorkerPair(worker, o))).toList();
        open.addAll(reached);
        reached.forEach(left::remove);
      }
      parts.add(part);
    }
    return new Islands(parts);
  }

  boolean areSeveral() {
    return parts.size() > 1;
  }

  @Override
  public String toString() {
    return parts.stream()
        .map(part -> part.stream().map(WorkerId::name).collect(Collectors.joining(", ")))
        .collect(Collectors.joining(" | "));
  }
}
