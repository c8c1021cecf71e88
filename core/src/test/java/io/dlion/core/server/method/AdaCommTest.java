package io.dlion.core.server.method;

import static io.dlion.core.server.method.FakeClients.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.node.Goal;
import io.dlion.core.server.method.Orders.Change;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdaCommTest {
  private static final long TRIAL = 100;
  private static final long PERIOD = 1000;

  private final FakeClients clients = FakeClients.of(0, 0);
  private final AdaComm method = new AdaComm(TRIAL, PERIOD);
  private long now;

  private int tau() {
    return method.plan(id(1), clients, now).steps();
  }

  /** All commit once, with this loss, and the time of the trial or period passes. */
  private Orders roundAndWake(double loss) {
    clients.loss = loss;
    clients.commitAll(1);
    assertThat(method.committed(id(2), clients, now)).isEqualTo(Orders.NONE);
    return wake();
  }

  private Orders wake() {
    now = method.wakeAtNanos().orElseThrow();
    return method.wokeUp(clients, now);
  }

  private void tryAll(double least) {
    method.begun(clients, now);
    for (int tau : AdaptivePeriod.CANDIDATES) {
      roundAndWake(tau == least ? 1 : 2);
    }
  }

  @Test
  void everyCandidateIsTriedFromTheSameWeights() {
    assertThat(method.begun(clients, now).change()).isEqualTo(Change.KEEP);
    List<Integer> tried = new ArrayList<>();
    while (method.status().search().startsWith("trying")) {
      tried.add(tau());
      Orders orders = roundAndWake(2);
      assertThat(orders.change()).isEqualTo(Change.RESTORE);
      assertThat(orders.replans()).isTrue();
      assertThat(orders.news()).isTrue();
    }
    assertThat(tried).isEqualTo(AdaptivePeriod.CANDIDATES);
    assertThat(now).isEqualTo(TRIAL * tried.size());
    assertThat(method.status().searches()).isEqualTo(1);
  }

  @Test
  void theBestTrialDecidesAndThenThePeriodFallsWithTheLoss() {
    tryAll(20);
    assertThat(tau()).isEqualTo(20);
    Orders first = roundAndWake(4); // ℓ_0
    assertThat(first.change()).isEqualTo(Change.NONE);
    assertThat(first.replans()).isTrue();
    assertThat(tau()).isEqualTo(20);
    roundAndWake(1); // √(1/4) · 20
    assertThat(tau()).isEqualTo(10);
    roundAndWake(1); // no less: halved
    assertThat(tau()).isEqualTo(5);
  }

  @Test
  void aTrialWithoutARoundIsTheLastOne() {
    method.begun(clients, now);
    roundAndWake(2);
    roundAndWake(1); // τ = 5
    clients.commit(1, 1); // the other one is not there yet
    method.committed(id(1), clients, now);
    Orders orders = wake();
    assertThat(orders.change()).isEqualTo(Change.RESTORE);
    assertThat(method.status().search()).isEmpty();
    assertThat(tau()).isEqualTo(5);
  }

  @Test
  void aPeriodWithoutARoundChangesNothing() {
    tryAll(20);
    wake();
    wake();
    assertThat(tau()).isEqualTo(20);
  }

  @Test
  void beforeTheTimeNothingHappens() {
    method.begun(clients, now);
    assertThat(method.wokeUp(clients, TRIAL - 1)).isEqualTo(Orders.NONE);
    assertThat(tau()).isEqualTo(1);
  }

  @Test
  void allWaitForAll() {
    clients.commit(1, 1);
    assertThat(method.answers(id(1), clients)).isFalse();
    assertThat(method.answers(id(2), clients)).isTrue();
  }

  @Test
  void trialsThatTakeLongerThanTheRunAreRefused() {
    AdaComm.Rule rule = new AdaComm.Rule(2, 0);
    assertThatThrownBy(() -> rule.requireTime(seconds(15)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("commit.trial")
        .hasMessageContaining("16 s");
    assertThatCode(() -> rule.requireTime(seconds(16))).doesNotThrowAnyException();
    assertThatCode(() -> rule.requireTime(Goal.NONE)).doesNotThrowAnyException();
    assertThatCode(() -> new AdaComm.Rule(0, 0).requireTime(seconds(1)))
        .as("fitted")
        .doesNotThrowAnyException();
  }

  private static Goal seconds(double seconds) {
    return new Goal(Long.MAX_VALUE, (long) (seconds * 1e9), 2);
  }
}
