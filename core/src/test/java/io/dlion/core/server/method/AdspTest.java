package io.dlion.core.server.method;

import static io.dlion.core.server.method.FakeClients.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.node.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.wire.CommitPlan;
import org.junit.jupiter.api.Test;

class AdspTest {
  private static final long PERIOD = 60_000_000_000L;
  private static final Adsp.Times TIMES = new Adsp.Times(PERIOD, PERIOD / 6, 20 * PERIOD, PERIOD);

  private long now;

  private static Adsp fixed(int rate) {
    return new Adsp(TIMES, Double.NaN, rate, 0.3);
  }

  private static Adsp searching(double targetLoss) {
    return new Adsp(TIMES, targetLoss, 0, 0.3);
  }

  private CommitPlan plan(Adsp method, int client, FakeClients clients) {
    return method.plan(id(client), clients, now);
  }

  private Orders wake(Adsp method, FakeClients clients) {
    now = method.wakeAtNanos().orElseThrow();
    return method.wokeUp(clients, now);
  }

  // ---- check periods

  @Test
  void allAreToHaveMadeTheSameCommitsByTheEndOfThePeriod() {
    FakeClients clients = FakeClients.of(7, 5, 6);
    Adsp method = fixed(4);
    assertThat(method.begun(clients, 0)).isEqualTo(Orders.REPLAN);
    assertThat(plan(method, 1, clients).target()).isEqualTo(4);
    assertThat(plan(method, 2, clients).target()).isEqualTo(6);
    assertThat(plan(method, 3, clients).target()).isEqualTo(5);
    for (int k = 1; k <= 3; k++) {
      CommitPlan plan = plan(method, k, clients);
      clients.commit(k, plan.target());
      assertThat(plan.steps()).isZero();
      assertThat(plan.intervalNanos()).isEqualTo(PERIOD / plan.target());
      assertThat(plan.leastNanos()).isEqualTo(PERIOD / 6);
    }
    assertThat(clients.least()).isEqualTo(11).isEqualTo(clients.most());
  }

  @Test
  void whoMissedCommitsMakesUpForThemInTheNextPeriod() {
    FakeClients clients = FakeClients.of(0, 0);
    Adsp method = fixed(3);
    method.begun(clients, 0);
    clients.commit(1, 3);
    clients.commit(2, 1);
    assertThat(method.wokeUp(clients, PERIOD - 1)).as("too early").isEqualTo(Orders.NONE);
    assertThat(wake(method, clients)).isEqualTo(Orders.REPLAN);
    assertThat(now).isEqualTo(PERIOD);
    assertThat(plan(method, 1, clients).target()).isEqualTo(3);
    assertThat(plan(method, 2, clients).target()).isEqualTo(5);
  }

  @Test
  void whoIsFarAheadStillCommits() {
    FakeClients clients = FakeClients.of(0, 0);
    Adsp method = fixed(2);
    method.begun(clients, 0);
    clients.commit(1, 50);
    wake(method, clients);
    assertThat(plan(method, 1, clients).target()).isEqualTo(2);
    assertThat(plan(method, 2, clients).target()).isEqualTo(52);
    assertThat(plan(method, 2, clients).leastNanos()).as("T_min").isEqualTo(PERIOD / 6);
  }

  @Test
  void whoComesInMidPeriodCommitsAtItsRate() {
    FakeClients clients = FakeClients.of(9, 9);
    Adsp method = fixed(4);
    method.begun(clients, 0);
    clients.commits.put(id(3), 9L);
    assertThat(method.clientsChanged(clients, 5)).isEqualTo(Orders.NONE);
    assertThat(plan(method, 3, clients).target()).isEqualTo(4);
  }

  @Test
  void everybodyIsAnsweredAtOnce() {
    FakeClients clients = FakeClients.of(100, 0);
    assertThat(fixed(1).answers(id(1), clients)).isTrue();
  }

  @Test
  void aFixedRateIsNeverSearched() {
    FakeClients clients = FakeClients.of(0, 0);
    Adsp method = fixed(8);
    method.begun(clients, 0);
    for (int period = 0; period < 40; period++) {
      clients.loss = period % 2 == 0 ? 1 : 100;
      clients.commitAll(8);
      wake(method, clients);
      assertThat(method.status().search()).isEmpty();
      assertThat(method.status().commitTarget()).isEqualTo(8);
    }
    assertThat(method.status().searches()).isZero();
  }

  @Test
  void implicitMomentumIsToldAsSoonAsSpeedsAre() {
    FakeClients clients = FakeClients.of(0, 0);
    clients.stepsPerSecond = 0;
    Adsp method = fixed(2);
    method.begun(clients, 0);
    assertThat(method.status().implicitMomentum()).isNaN();
    clients.stepsPerSecond = 10;
    wake(method, clients);
    assertThat(method.status().implicitMomentum())
        .isEqualTo(ImplicitMomentum.of(60, new int[] {4, 4}, new double[] {10, 10}));
  }

  // ---- the search

  /** Probes, with losses as of a curve whose speed is a function of the rate. */
  private void probe(Adsp method, FakeClients clients, double speed) {
    long began = now;
    long end = method.wakeAtNanos().orElseThrow();
    double from = Double.isNaN(clients.loss) ? 10 : clients.loss;
    for (int i = 1; i <= 12; i++) {
      now = began + i * (end - began) / 13;
      clients.commitAll(1);
      clients.loss = 1 / (1 / from + speed * (now - began) / 1e9);
      method.committed(id(1), clients, now);
    }
    wake(method, clients);
  }

  /** Searches where this rate lets the loss fall fastest; returns what was found. */
  private int search(Adsp method, FakeClients clients, int best) {
    while (method.status().search().startsWith("probing")) {
      int rate = method.status().commitTarget();
      probe(method, clients, 0.01 / (1 + Math.abs(rate - best)));
    }
    return method.status().commitTarget();
  }

  @Test
  void theRateWithTheBestRewardIsFound() {
    for (int best = 1; best <= 5; best++) {
      now = 0;
      FakeClients clients = FakeClients.of(0, 0);
      Adsp method = searching(0.05);
      method.begun(clients, 0);
      assertThat(method.status().search()).isEqualTo("probing C = 1");
      assertThat(search(method, clients, best)).isEqualTo(best);
      assertThat(method.status().searches()).isEqualTo(1);
      assertThat(method.status().reward()).isPositive();
    }
  }

  @Test
  void noRateIsProbedThatCannotBeKept() {
    FakeClients clients = FakeClients.of(0, 0);
    Adsp method = searching(0.05); // T_min is a sixth of a period
    method.begun(clients, 0);
    assertThat(search(method, clients, 100)).isEqualTo(6);
  }

  @Test
  void whereOneCommitFitsIntoAPeriodNothingElseIsProbed() {
    FakeClients clients = FakeClients.of(0, 0);
    Adsp method = new Adsp(new Adsp.Times(PERIOD, PERIOD, PERIOD, PERIOD), 0.05, 0, 0.3);
    method.begun(clients, 0);
    assertThat(search(method, clients, 100)).isEqualTo(1);
  }

  @Test
  void aProbeShorterThanAPeriodAsksForItsRateAllTheSame() {
    FakeClients clients = FakeClients.of(0, 0);
    Adsp method = new Adsp(new Adsp.Times(PERIOD, 1, 20 * PERIOD, PERIOD / 4), 0.05, 0, 0.3);
    method.begun(clients, 0);
    for (int rate = 1; rate <= 3; rate++) {
      assertThat(method.status().commitTarget()).isEqualTo(rate);
      assertThat(plan(method, 1, clients).target()).isEqualTo(rate);
      probe(method, clients, 0.001 * rate);
    }
  }

  @Test
  void anEpochLaterItIsSearchedAgainNearTheLastAnswer() {
    FakeClients clients = FakeClients.of(0, 0);
    Adsp method = searching(0.001);
    method.begun(clients, 0);
    assertThat(search(method, clients, 4)).isEqualTo(4);
    int periods = 0;
    while (method.status().searches() == 1) {
      wake(method, clients);
      periods++;
    }
    assertThat(periods).isBetween(10, 20);
    assertThat(method.status().commitTarget()).isEqualTo(3);
    assertThat(search(method, clients, 3)).isEqualTo(3);
  }

  @Test
  void aLossThatHasRisenIsSearchedForAtOnce() {
    FakeClients clients = FakeClients.of(0, 0);
    Adsp method = searching(0.001);
    method.begun(clients, 0);
    search(method, clients, 2);
    wake(method, clients);
    clients.loss *= 1.29;
    wake(method, clients);
    assertThat(method.status().searches()).as("less than a third").isEqualTo(1);
    clients.loss *= 1.31;
    wake(method, clients);
    assertThat(method.status().searches()).isEqualTo(2);
  }

  @Test
  void whatHasConvergedIsSearchedNoMore() {
    FakeClients clients = FakeClients.of(0, 0);
    Adsp method = searching(0.5);
    method.begun(clients, 0);
    search(method, clients, 2);
    clients.loss = 0.4;
    for (int period = 0; period < 60; period++) {
      wake(method, clients);
    }
    clients.loss = 0.45;
    int searches = method.status().searches();
    for (int period = 0; period < 60; period++) {
      clients.loss *= period == 30 ? 10 : 1;
      wake(method, clients);
    }
    assertThat(method.status().searches()).isEqualTo(searches);
  }

  // ---- settings

  private static Goal seconds(double seconds) {
    return new Goal(Long.MAX_VALUE, (long) (seconds * 1e9), 2);
  }

  private static MethodRule rule(String... changes) {
    Settings settings = Presets.find("adsp").settings();
    for (int i = 0; i < changes.length; i += 2) {
      settings = settings.with(changes[i], changes[i + 1]);
    }
    return ServerRule.of(settings).orElseThrow().method();
  }

  @Test
  void timesThatAreOpenAreFittedToTheRun() {
    assertThat(intervalNanos(rule(), seconds(10_000))).as("the paper's").isEqualTo(PERIOD);
    assertThat(intervalNanos(rule(), seconds(100))).isEqualTo(4_000_000_000L);
    assertThat(intervalNanos(rule(), seconds(5))).as("at least").isEqualTo(2_000_000_000L);
    assertThat(intervalNanos(rule(), Goal.NONE)).isEqualTo(10_000_000_000L);
    assertThat(intervalNanos(rule("adsp.period", "7"), seconds(100))).isEqualTo(7_000_000_000L);
  }

  private static long intervalNanos(MethodRule rule, Goal goal) {
    FakeClients clients = FakeClients.of(0);
    Method method = rule.open(goal);
    method.begun(clients, 0);
    return method.plan(id(1), clients, 0).intervalNanos();
  }

  @Test
  void aFixedRateFitsIntoItsPeriod() {
    FakeClients clients = FakeClients.of(0);
    Method method = rule("adsp.commits", "32").open(seconds(100));
    method.begun(clients, 0);
    CommitPlan plan = method.plan(id(1), clients, 0);
    assertThat(plan.target()).isEqualTo(32);
    assertThat(plan.leastNanos()).isLessThanOrEqualTo(plan.intervalNanos());
  }

  @Test
  void timesLongerThanTheRunAreRefused() {
    refused(rule("adsp.period", "20"), "adsp.period");
    refused(rule("adsp.probe", "20"), "adsp.probe");
    refused(rule("adsp.period", "5", "adsp.commit-min", "6"), "adsp.commit-min");
    assertThatCode(() -> rule("adsp.period", "5", "adsp.probe", "5").requireTime(seconds(10)))
        .doesNotThrowAnyException();
    assertThatCode(() -> rule("adsp.period", "5").requireTime(Goal.NONE))
        .doesNotThrowAnyException();
  }

  private static void refused(MethodRule rule, String option) {
    assertThatThrownBy(() -> rule.requireTime(seconds(10)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(option)
        .hasMessageContaining("expected");
  }
}
