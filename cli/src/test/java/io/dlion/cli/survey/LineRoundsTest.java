package io.dlion.cli.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.desk.Contact;
import io.dlion.cluster.survey.HostFacts;
import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineRoundsTest {
  private static Site site(String name, String place, int machine) {
    HostFacts host = new HostFacts(String.format(Locale.ROOT, "%032x", machine), 2, 1);
    return new Site(new WorkerId(name), place, new Contact(name, UUID.randomUUID()), host);
  }

  private static void assertEachPairOnce(List<List<LineRounds.Pair>> rounds, int pairs) {
    Set<WorkerPair> seen = new HashSet<>();
    rounds.forEach(round ->
        round.forEach(p ->
            assertThat(seen.add(new WorkerPair(p.one().worker(), p.other().worker()))).isTrue()));
    assertThat(seen).hasSize(pairs);
  }

  @Test
  void linesThatDoNotTouchAreMeasuredTogether() {
    List<Site> sites = IntStream.range(0, 8).mapToObj(i -> site("w" + i, "s" + i, i)).toList();
    List<List<LineRounds.Pair>> rounds = LineRounds.of(sites);
    assertEachPairOnce(rounds, 28);
    assertThat(rounds).hasSizeLessThan(14);
    for (List<LineRounds.Pair> round : rounds) {
      Set<String> places = new HashSet<>();
      round.forEach(p -> {
        assertThat(places.add(p.one().place())).isTrue();
        assertThat(places.add(p.other().place())).isTrue();
      });
    }
  }

  @Test
  void workersOfOneMachineOrOnePlaceTakeTurns() {
    List<Site> oneMachine = IntStream.range(0, 4).mapToObj(i -> site("w" + i, "s" + i, 1)).toList();
    assertThat(LineRounds.of(oneMachine)).hasSize(6).allMatch(round -> round.size() == 1);
    List<Site> onePlace = IntStream.range(0, 4).mapToObj(i -> site("w" + i, "s", i)).toList();
    assertThat(LineRounds.of(onePlace)).hasSize(6);
    assertEachPairOnce(LineRounds.of(onePlace), 6);
  }

  @Test
  void oneAloneHasNoLines() {
    assertThat(LineRounds.of(List.of(site("w1", "s", 1)))).isEmpty();
  }
}
