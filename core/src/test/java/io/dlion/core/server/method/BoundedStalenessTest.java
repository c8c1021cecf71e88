package io.dlion.core.server.method;

import static io.dlion.core.server.method.FakeClients.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.node.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.wire.CommitPlan;
import org.junit.jupiter.api.Test;

class BoundedStalenessTest {
  private static Method method(int bound, int steps) {
    return new BoundedStaleness(new BoundedStaleness.Rule(bound, steps));
  }

  @Test
  void whoLeadsByNoMoreThanTheBoundIsAnswered() {
    FakeClients clients = FakeClients.of(5, 8, 9);
    Method method = method(3, 1);
    assertThat(method.answers(id(1), clients)).isTrue();
    assertThat(method.answers(id(2), clients)).isTrue();
    assertThat(method.answers(id(3), clients)).isFalse();
    clients.commit(1, 1);
    assertThat(method.answers(id(3), clients)).isTrue();
  }

  @Test
  void withoutSlackAllWaitForAll() {
    FakeClients clients = FakeClients.of(1, 1, 0);
    Method method = method(0, 1);
    assertThat(method.answers(id(1), clients)).isFalse();
    clients.commit(3, 1);
    assertThat(method.answers(id(1), clients)).isTrue();
    assertThat(method.answers(id(3), clients)).isTrue();
  }

  @Test
  void whoWaitsForOneThatLeavesIsAnswered() {
    FakeClients clients = FakeClients.of(9, 9, 2);
    Method method = method(0, 1);
    clients.commits.remove(id(3));
    assertThat(method.answers(id(1), clients)).isTrue();
  }

  @Test
  void commitsComeAfterStepsAndItNeverWakesUp() {
    Method method = method(0, 40);
    assertThat(method.begun(FakeClients.of(0), 0)).isEqualTo(Orders.NONE);
    assertThat(method.plan(id(1), FakeClients.of(0), 0)).isEqualTo(CommitPlan.afterSteps(40, 1));
    assertThat(method.wakeAtNanos()).isEmpty();
    assertThat(method.status().commitTarget()).isEqualTo(40);
  }

  @Test
  void presetsSayBoundsAndSteps() {
    assertThat(rule("bsp")).isEqualTo(new BoundedStaleness.Rule(0, 1));
    assertThat(rule("ssp")).isEqualTo(new BoundedStaleness.Rule(30, 1));
    assertThat(rule("fixed-adacomm")).isEqualTo(new BoundedStaleness.Rule(0, 40));
    assertThat(rule("batchtune-bsp")).isEqualTo(new BoundedStaleness.Rule(0, 1));
    assertThat(rule("batchtune-ssp")).isEqualTo(new BoundedStaleness.Rule(30, 1));
    assertThat(rule("bsp").open(Goal.NONE)).isInstanceOf(BoundedStaleness.class);
  }

  private static MethodRule rule(String preset) {
    return ServerRule.of(Presets.find(preset).settings()).orElseThrow().method();
  }
}
