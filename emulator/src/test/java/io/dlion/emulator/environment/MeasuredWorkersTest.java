package io.dlion.emulator.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasuredWorkersTest {
  private static final WorkerId W1 = new WorkerId("w1");
  private static final WorkerId W2 = new WorkerId("w2");

  private static Environment environment(String... lines) {
    return Environments.parse("test", String.join("\n", lines));
  }

  private static final String[] MEASURED = {
    "workers:",
    "  - {calibration: {cnn: {alpha-seconds: 0.5, beta-seconds: 0.25, rest-seconds: 2}}, mbit: 8}",
    "  - {cores: 24, mbit: {up: 8, down: 80}}",
    "calibration: {cnn: {alpha-seconds: 1, beta-seconds: 1}}"
  };

  @Test
  void aWorkerMayHaveACalibrationOfItsOwnForAModel() {
    Environment cnn = environment(MEASURED).forModel("cnn", 50);
    assertThat(cnn.computeNanos(W1, 2, 0)).isEqualTo(3_000_000_000L);
    assertThat(cnn.computeNanos(W2, 2, 0)).isEqualTo(3_000_000_000L);
    assertThat(cnn.computeNanos(W2, 3, 0)).isEqualTo(4_000_000_000L);
    assertThat(cnn.calibration(W1).restNanos()).isEqualTo(2_000_000_000L);
    assertThat(cnn.hasRealBandwidth()).isTrue();
    // Computing 32 samples takes 8.5 s and 33 s: speeds 1 and 8.5/33, relative to each other.
    assertThat(cnn.heterogeneity()).isCloseTo((1 + 8.5 / 33) / 2 / (8.5 / 33), within(1e-12));

    Environment mlp = environment(MEASURED).forModel("mlp", 50);
    assertThat(mlp.computeNanos(W1, 32, 0)).isEqualTo(1_000_000_000L);
    assertThat(mlp.hasRealBandwidth()).isFalse();
  }

  @Test
  void aCalibrationOfAnyModelComesWithRealBandwidths() {
    Environment any =
        environment("workers: [{calibration: {alpha-seconds: 0, beta-seconds: 2}, mbit: 8}]");
    assertThat(any.forModel("mlp", 50).computeNanos(W1, 2, 0)).isEqualTo(4_000_000_000L);
    assertThat(any.forModel("mlp", 50).accessBytesPerSecond(W1, 0)).isEqualTo(1_000_000);
  }

  @Test
  void linesMayCarryMoreInOneDirection() {
    Environment environment = environment(MEASURED).withRealBandwidth();
    assertThat(environment.accessBytesPerSecond(W2, 0)).isEqualTo(1_000_000);
    assertThat(environment.accessDownBytesPerSecond(W2, 0)).isEqualTo(10_000_000);
    assertThat(environment.accessDownBytesPerSecond(W1, 0)).isEqualTo(1_000_000);
  }

  @Test
  void workersNameTheMachineThatTheyShare() {
    Environment environment =
        environment(
            "workers:",
            "  - {count: 2, cores: 24, mbit: 8, machine: box}",
            "  - {cores: 24, mbit: 8, machine: box, threads: 2}",
            "  - {cores: 24, mbit: 8}",
            "machines: {box: {cores: 2}}");
    assertThat(environment.sharedCores(W2)).contains(new SharedCores("box", 2, 1, 1));
    assertThat(environment.sharedCores(new WorkerId("w3")))
        .contains(new SharedCores("box", 2, 1, 2));
    assertThat(environment.sharedCores(new WorkerId("w4"))).isEmpty();
    Environment slowed =
        environment(
            "workers: [{cores: 24, mbit: 8, machine: box}]",
            "machines: {box: {cores: 2, slowdown: 1.4}}");
    assertThat(slowed.sharedCores(W1)).contains(new SharedCores("box", 2, 1.4, 1));
  }

  @Test
  void mistakesAreSaidWithTheirLine() {
    assertMistake(
        "test.yaml:1: workers.machine: there is no 'bix' in machines; did you mean 'box'?",
        "workers: [{cores: 4, mbit: 8, machine: bix}]",
        "machines: {box: {cores: 2}}");
    assertMistake(
        "test.yaml:2: machines: no worker is on 'box'",
        "workers: [{cores: 4, mbit: 8}]",
        "machines: {box: {cores: 2}}");
    assertMistake(
        "workers.threads: expected a whole number from 1 to 2",
        "workers: [{cores: 4, mbit: 8, machine: box, threads: 3}]",
        "machines: {box: {cores: 2}}");
    assertMistake(
        "test.yaml:2: machines.box.slowdown: expected how many times longer a core takes",
        "workers: [{cores: 4, mbit: 8, machine: box}]",
        "machines: {box: {cores: 2, slowdown: 0.9}}");
    assertMistake(
        "workers.threads: counts where cores are shared",
        "workers: [{cores: 4, mbit: 8, threads: 3}]");
    assertMistake(
        "workers.machine: expected a capacity that does not change",
        "workers: [{cores: [{from: 0s, value: 1}, {from: 9s, value: 2}], mbit: 8, machine: box}]",
        "machines: {box: {cores: 2}}");
    assertMistake(
        "workers.cores: the calibration of a worker says what it computes",
        "workers: [{cores: 4, calibration: {alpha-seconds: 1, beta-seconds: 1}, mbit: 8}]");
    assertMistake(
        "workers.calibration.rest-seconds: expected a number of seconds, at least 0",
        "workers: [{calibration: {alpha-seconds: 1, beta-seconds: 1, rest-seconds: -1}, mbit: 8}]");
    assertMistake(
        "workers.mbit.down: expected a rate above 0",
        "workers: [{cores: 4, mbit: {up: 8, down: 0}}]");
    assertMistake("expected cores, speed or calibration", "workers: [{mbit: 8}]");
    Environment measured = environment(MEASURED);
    assertThatThrownBy(() -> measured.adjusted(new Adjustments(Map.of("environment.h", "2"))))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("workers of test have a calibration of their own");
  }

  private static void assertMistake(String message, String... lines) {
    assertThatThrownBy(() -> environment(lines))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message);
  }
}
