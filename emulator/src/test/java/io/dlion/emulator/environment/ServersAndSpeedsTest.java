package io.dlion.emulator.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.WorkerId;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Environments of the server family: machines that only serve, and classes of speed. */
class ServersAndSpeedsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final WorkerId SERVER = new WorkerId("server");
  private static final WorkerId W1 = new WorkerId("w1");
  private static final WorkerId W2 = new WorkerId("w2");

  private static Environment environment(String... lines) {
    return Environments.parse("test", String.join("\n", lines));
  }

  /** Each worker's speed of the table, and how many of them there are. */
  @ParameterizedTest
  @CsvSource({
    "adsp-3, 2x1 1x3, 1.67, 1000, 5000000",
    "adsp-18, 7x1 5x2 2x3 4x4, 2.17, 100, 25000000",
    "adsp-36, 14x1 10x2 4x3 8x4, 2.17, 100, 25000000",
    "adsp-slowdown, 7x1 5x2 2x3 4x4, 2.17, 100, 25000000"
  })
  void theMachinesAreThoseOfTheTable(
      String name, String classes, double h, double mbit, long latencyNanos) throws IOException {
    Environment environment = Environments.find(name);
    List<WorkerId> training = environment.withoutServers().initialMembers();
    String found =
        training.stream()
            .collect(
                Collectors.groupingBy(
                    w -> (int) environment.capacity(w).amount().at(0),
                    java.util.TreeMap::new,
                    Collectors.counting()))
            .entrySet()
            .stream()
            .map(e -> e.getValue() + "x" + e.getKey())
            .collect(Collectors.joining(" "));
    assertThat(found).isEqualTo(classes);
    assertThat(environment.heterogeneity()).isCloseTo(h, within(0.005));
    assertThat(environment.workers()).hasSize(training.size() + 1);
    assertThat(environment.trains(SERVER)).isFalse();
    assertThat(environment.mbit(SERVER).at(0)).isEqualTo(1000);
    assertThat(training)
        .allMatch(w -> environment.mbit(w).at(0) == mbit)
        .allMatch(w -> environment.latencyNanos(w, SERVER) == latencyNanos)
        .allMatch(w -> !environment.isLan(w, SERVER));
  }

  @Test
  void oneWorkerBecomesThreeTimesSlowerInTheMiddleOfTheRun() throws IOException {
    Environment environment = Environments.find("adsp-slowdown").withBudget(100 * SECOND);
    WorkerId last = new WorkerId("w18");
    assertThat(environment.computeNanos(last, 32, 0)).isEqualTo(SECOND);
    assertThat(environment.computeNanos(last, 32, 50 * SECOND))
        .isCloseTo(3 * SECOND, within(1_000L));
    assertThat(environment.computeNanos(new WorkerId("w17"), 32, 50 * SECOND)).isEqualTo(SECOND);
  }

  @Test
  void aSpeedOfFourIsTheReferenceWorkerAndTimeIsInverseToSpeed() {
    Environment environment =
        environment("workers:", "  - {speed: 4, mbit: 1}", "  - {speed: 1, mbit: 1}");
    assertThat(environment.computeNanos(W1, 32, 0)).isEqualTo(SECOND);
    assertThat(environment.computeNanos(W2, 32, 0)).isEqualTo(4 * SECOND);
    assertThat(environment.heterogeneity()).isCloseTo(2.5, within(1e-12));
  }

  @Test
  void coresAndSpeedsMayStandInOneFile() {
    Environment environment =
        environment("workers:", "  - {cores: 24, mbit: 1}", "  - {speed: 2, mbit: 1}");
    assertThat(environment.computeNanos(W1, 32, 0)).isEqualTo(SECOND);
    assertThat(environment.computeNanos(W2, 32, 0)).isEqualTo(2 * SECOND);
  }

  @Test
  void withoutServersNothingIsLeftOfThem() {
    Environment environment =
        environment(
            "workers:",
            "  - {name: hub, trains: false, mbit: 1000}",
            "  - {count: 2, speed: 1, mbit: 10}",
            "links: {hub>w2: 5, w2-w3: 5}",
            "events:",
            "  - {at: 1s, crash: hub}",
            "  - {at: 2s, cut: [w2]}",
            "  - {at: 3s, cut: hub-w3}",
            "  - {at: 4s, restart: hub}",
            "  - {at: 5s, leave: w3}");
    Environment left = environment.withoutServers();
    WorkerId w3 = new WorkerId("w3");
    assertThat(environment.happenings()).hasSize(5);
    assertThat(left.initialMembers()).containsExactly(W2, w3);
    assertThat(left.particularLinks())
        .containsExactly(new DirectedLink(W2, w3), new DirectedLink(w3, W2));
    assertThat(left.happenings().stream().map(Happening::atNanos))
        .containsExactly(2 * SECOND, 5 * SECOND);
    assertThat(left.happenings().getFirst())
        .isInstanceOfSatisfying(
            Happening.Cut.class,
            cut ->
                assertThat(cut.links())
                    .containsExactlyInAnyOrder(new DirectedLink(W2, w3), new DirectedLink(w3, W2)));
    assertThat(environment.alone().initialMembers()).containsExactly(W2);
  }
}
