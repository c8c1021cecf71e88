package io.dlion.emulator.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.family.Nodes;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Replica;
import io.dlion.core.wire.Buffers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is drawn of pairs that cannot reach each other, and whether it would show a bug. */
class PlantedPathBugsTest {
  private static final int SCHEDULES_MAX = 60;

  /** Its neighbours are what they would be if all reached all. */
  private static final class Unaware extends Misbehaving {
    Unaware(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> answer(Event event) {
      return event instanceof Event.PathsChanged ? List.of() : pass(event);
    }
  }

  @ParameterizedTest
  @CsvSource({"baseline, ring", "hop, ring", "baseline, hierarchical"})
  void aNodeThatKeepsItsNeighboursIsFound(String preset, String topology) {
    Draw draw = Draw.only(Variant.of(preset), topology);
    try (CheckRun planted =
            new CheckRun((config, replica) ->
                config.self().name().equals("w1")
                    ? new Unaware(config, replica)
                    : Nodes.of(config, replica, Buffers.FRESH));
        CheckRun sound = new CheckRun()) {
      List<String> found = new ArrayList<>();
      long seed = 1;
      for (; found.isEmpty(); seed++) {
        assertThat(seed).as("schedules until it is found").isLessThan(SCHEDULES_MAX);
        found.addAll(planted.run(seed, draw).findings());
      }
      assertThat(found).allMatch(f -> f.contains("waits for nobody"));
      assertThat(sound.run(seed - 1, draw).findings()).as("without the bug").isEmpty();
    }
  }

  @Test
  void pairsAndWhoRelaysForThemAreDrawnBesideTheOtherFaults() {
    Set<String> kinds = new TreeSet<>();
    for (long seed = 1; seed < 60; seed++) {
      for (String preset : List.of("dlion", "adsp")) {
        Draw draw = Draw.any(List.of(Variant.of(preset)));
        List<Fault> with = new ArrayList<>(Scenario.of(seed, draw).plan().faults());
        with.forEach(fault -> kinds.add(fault.kind()));
        with.removeIf(f ->
            f instanceof Fault.NoLine
                || f instanceof Fault.Unreachable
                || f instanceof Fault.RelayCrash);
        assertThat(Scenario.of(seed, draw.withoutPaths()).plan().faults()).isEqualTo(with);
      }
    }
    assertThat(kinds).contains("no line", "unreachable pair", "relay crash");
  }
}
