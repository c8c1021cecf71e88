package io.dlion.emulator.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnreachablePairsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final String WORKERS =
      """
      workers:
        - {name: a-b, cores: 2, mbit: 5}
        - {count: 2, site: shop, cores: 2, mbit: 5}
        - {name: hub, cores: 2, mbit: 5}
      """;

  private static WorkerPair pair(String a, String b) {
    return new WorkerPair(new WorkerId(a), new WorkerId(b));
  }

  @Test
  void sitesStandForTheirWorkersAndNamesMayHaveDashes() {
    Environment environment =
        Environments.parse(
            "here",
            WORKERS
                + "unreachable: [a-b - shop]\n"
                + "events: [{at: 5s, unreachable: [hub-w2, hub-w3], until: 9s}]");
    assertThat(environment.happenings())
        .containsExactly(
            new Happening.Unreachable(0, List.of(pair("a-b", "w2"), pair("a-b", "w3"))),
            new Happening.Unreachable(5 * SECOND, List.of(pair("hub", "w2"), pair("hub", "w3"))),
            new Happening.Reachable(9 * SECOND, List.of(pair("hub", "w2"), pair("hub", "w3"))));
    assertThat(environment.mayRelay()).isTrue();
    assertThat(environment.alone().mayRelay()).isFalse();
    assertThat(Environments.parse("here", WORKERS + "unreachable: a-b-hub").happenings())
        .containsExactly(new Happening.Unreachable(0, List.of(pair("a-b", "hub"))));
  }

  @Test
  void withoutTheServerThatHeldThemTogetherWorkersAreIslands() {
    String workers = WORKERS.replace("{name: hub, cores: 2", "{name: hub, trains: false");
    Environment apart = Environments.parse("here", workers + "unreachable: a-b-shop");
    assertThatThrownBy(apart::requireWaysWithoutServers)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("these islands do not reach each other: a-b | w2, w3. Compare");
    String forAWhile = "events: [{at: 5s, unreachable: a-b-shop, until: 9s}]";
    Environments.parse("here", workers + forAWhile).requireWaysWithoutServers();
  }
}
