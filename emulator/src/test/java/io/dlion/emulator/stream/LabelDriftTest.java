package io.dlion.emulator.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.learn.ExampleShape;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Environments;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LabelDriftTest {
  private static final long SECOND = 1_000_000_000L;
  private static final WorkerId W1 = new WorkerId("w1");
  private static final WorkerId W2 = new WorkerId("w2");

  private static Environment environment(String drifts) {
    return Environments.parse(
            "test",
            "workers: [{cores: 1, mbit: 1}, {cores: 1, mbit: 1}]\nstream: {rate: 1, drift: ["
                + drifts
                + "]}")
        .withBudget(100 * SECOND);
  }

  private static LabelDrift drift(String drifts) {
    return new LabelDrift(environment(drifts).drifts(), 10, 5);
  }

  private static int moved(LabelDrift drift, WorkerId worker, long seconds) {
    int moved = 0;
    Set<Integer> labels = new HashSet<>();
    for (int label = 0; label < 10; label++) {
      int now = drift.label(label, worker, seconds * SECOND, label);
      labels.add(now);
      moved += now == label ? 0 : 1;
    }
    assertThat(labels).hasSize(10);
    return moved;
  }

  @Test
  void aSuddenDriftMovesSomeClasses() {
    LabelDrift drift = drift("{at: 1/2, kind: sudden, classes: 4}");
    assertThat(moved(drift, W1, 49)).isZero();
    assertThat(moved(drift, W1, 50)).isEqualTo(4);
    assertThat(drift.isUnderWay(49 * SECOND)).isFalse();
    assertThat(drift.isUnderWay(50 * SECOND)).isTrue();
    assertThat(moved(drift("{at: 1s, kind: sudden}"), W2, 1)).isEqualTo(5);
  }

  @Test
  void aGradualOneMovesEverMoreExamples() {
    LabelDrift drift = drift("{at: 10s, kind: gradual, over: 40s, classes: 10}");
    for (long seconds : List.of(5L, 20L, 30L, 60L)) {
      int moved = 0;
      for (int example = 0; example < 4000; example++) {
        moved += drift.label(3, W1, seconds * SECOND, example) == 3 ? 0 : 1;
      }
      double share = Math.clamp((seconds - 10) / 40.0, 0, 1);
      assertThat(moved / 4000.0).isCloseTo(share, within(0.03));
    }
  }

  @Test
  void aRecurringOneComesAndGoes() {
    Environment where = environment("{at: 10s, kind: recurring, every: 20s, classes: 2}");
    LabelDrift drift = new LabelDrift(where.drifts(), 10, 5);
    assertThat(moved(drift, W1, 9)).isZero();
    assertThat(moved(drift, W1, 29)).isEqualTo(2);
    assertThat(moved(drift, W1, 30)).isZero();
    assertThat(moved(drift, W1, 50)).isEqualTo(2);
    assertThat(where.driftSeconds()).containsExactly(10.0, 30.0, 50.0, 70.0, 90.0);
  }

  @Test
  void aDriftAtOneSiteIsNotSeenElsewhere() {
    LabelDrift drift = drift("{at: 10s, kind: sudden, classes: 4, workers: [w2]}");
    assertThat(moved(drift, W1, 20)).isZero();
    assertThat(moved(drift, W2, 20)).isEqualTo(4);
  }

  @Test
  void severalActOneAfterTheOther() {
    LabelDrift drift =
        drift(
            "{at: 10s, kind: sudden, classes: 10}, {at: 20s, kind: sudden, classes: 10, workers:"
                + " [w2]}");
    assertThat(moved(drift, W1, 15)).isEqualTo(10);
    int same = 0;
    for (int label = 0; label < 10; label++) {
      same +=
          drift.label(label, W1, 20 * SECOND, 0) == drift.label(label, W2, 20 * SECOND, 0) ? 1 : 0;
    }
    assertThat(same).isZero();
  }

  @Test
  void whatHasNoClassesCannotDrift() {
    Environment where = environment("{at: 1/2, kind: sudden, classes: 4}");
    assertThatThrownBy(() ->
            Streams.require(where, new ExampleShape(List.of(3), ExampleShape.Kind.REGRESSION, 1)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("drift permutes the labels of classes, and this data has none");
    assertThatThrownBy(() ->
            Streams.require(
                where, new ExampleShape(List.of(3), ExampleShape.Kind.CLASSIFICATION, 3)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("drift changes the labels of 4 classes, and this data has 3");
  }
}
