package io.dlion.emulator.environment;

import io.dlion.core.WorkerId;
import io.dlion.emulator.yaml.Value;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Sees to it that what happens to a worker can happen: only one that has crashed can restart. */
final class Lives {
  private final Map<WorkerId, Life> lives = new HashMap<>();

  private enum State {
    UNHEARD_OF("is there from the beginning"),
    RUNNING("is there"),
    CRASHED("has crashed"),
    GONE("has left");

    private final String text;

    State(String text) {
      this.text = text;
    }
  }

  /** How a worker is, and since which line. */
  private record Life(State state, int line) {
    @Override
    public String toString() {
      return state.text + (line == 0 ? "" : " (line " + line + ")");
    }
  }

  /** Something happens to a worker: {@code join}, {@code leave}, {@code crash}, … */
  void change(String kind, WorkerId worker, Value place) {
    Set<State> before =
        switch (kind) {
          case "join" -> EnumSet.of(State.UNHEARD_OF, State.GONE);
          case "restart" -> EnumSet.of(State.CRASHED);
          default -> EnumSet.of(State.UNHEARD_OF, State.RUNNING);
        };
    Life life = lives.getOrDefault(worker, new Life(State.UNHEARD_OF, 0));
    if (!before.contains(life.state)) {
      throw place.error(worker + " cannot " + kind + ": it " + life);
    }
    State after =
        switch (kind) {
          case "crash" -> State.CRASHED;
          case "leave" -> State.GONE;
          default -> State.RUNNING;
        };
    lives.put(worker, new Life(after, place.line()));
  }
}
