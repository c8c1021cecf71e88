package io.dlion.emulator.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import java.util.List;
import org.junit.jupiter.api.Test;

class WhatIfTest {
  private static final WorkerId W1 = new WorkerId("w1");
  private static final WorkerId W2 = new WorkerId("w2");
  private static final WorkerId W3 = new WorkerId("w3");
  private static final WorkerId W4 = new WorkerId("w4");

  private final Environment given =
      Environments.parse(
              "sites",
              """
              workers:
                - {site: a, speed: 4, mbit: 40}
                - {site: b, speed: 2, mbit: 20}
                - {site: c, speed: 1, mbit: 10}
              links: {w1-w2: 8, w2>w3: {mbit: 10, latency: 80ms}}
              unreachable: [w1-w3]
              """)
          .withRealBandwidth();

  private static double pathMbit(Environment environment, WorkerId from, WorkerId to) {
    return environment.pathBytesPerSecond(from, to, 0) * 8 / 1e6;
  }

  private static double accessMbit(Environment environment, WorkerId worker) {
    return environment.accessBytesPerSecond(worker, 0) * 8 / 1e6;
  }

  @Test
  void oneMoreWorkerIsLikeTheOtherInAllThings() {
    WhatIf.OneMore more = WhatIf.oneMoreLike(given, W1);
    assertThat(more.worker()).isEqualTo(W4);
    Environment other = more.environment();
    assertThat(other.workers()).hasSize(4).contains(new SitedWorker(W4, "a"));
    assertThat(other.initialMembers()).contains(W4);
    assertThat(other.speedOf(W4, 0)).isEqualTo(given.speedOf(W1, 0));
    assertThat(accessMbit(other, W4)).isEqualTo(40);
    assertThat(pathMbit(other, W4, W2)).isEqualTo(8);
    assertThat(pathMbit(other, W2, W4)).isEqualTo(8);
    assertThat(other.isLan(W1, W4)).isTrue();
    assertThat(other.happenings())
        .containsExactly(
            new Happening.Unreachable(0, List.of(new WorkerPair(W1, W3), new WorkerPair(W4, W3))));
    assertThat(given.workers()).hasSize(3);
  }

  @Test
  void aNameThatIsTakenIsNotGivenAgain() {
    Environment named =
        Environments.parse(
            "named", "workers: [{name: w3, speed: 1, mbit: 10}, {name: here, speed: 1, mbit: 10}]");
    assertThat(WhatIf.oneMoreLike(named, W3).worker()).isEqualTo(W4);
  }

  @Test
  void aFasterMachineIsFasterAndNothingElse() {
    Environment faster = WhatIf.fasterMachine(given, W3, 2);
    assertThat(faster.speedOf(W3, 0)).isEqualTo(2 * given.speedOf(W3, 0));
    assertThat(faster.speedOf(W2, 0)).isEqualTo(given.speedOf(W2, 0));
    assertThat(accessMbit(faster, W3)).isEqualTo(10);
  }

  @Test
  void aFasterAccessLinkWidensTheWaysThatItLimited() {
    Environment faster = WhatIf.fasterAccess(given, W3, 2);
    assertThat(accessMbit(faster, W3)).isEqualTo(20);
    assertThat(pathMbit(faster, W2, W3)).isEqualTo(20);
    assertThat(faster.latencyNanos(W2, W3)).isEqualTo(80_000_000);
    assertThat(pathMbit(faster, W1, W2)).isEqualTo(8);
    Environment other = WhatIf.fasterAccess(given, W1, 2);
    assertThat(accessMbit(other, W1)).isEqualTo(80);
    assertThat(pathMbit(other, W1, W2)).as("a limit of its own").isEqualTo(8);
  }

  @Test
  void aFasterWayIsFasterBothWaysAndItsEndsDoNotLimitIt() {
    Environment faster = WhatIf.fasterPath(given, new DirectedLink(W1, W2), 4);
    assertThat(pathMbit(faster, W1, W2)).isEqualTo(32);
    assertThat(pathMbit(faster, W2, W1)).isEqualTo(32);
    assertThat(accessMbit(faster, W1)).isEqualTo(40);
    assertThat(accessMbit(faster, W2)).isEqualTo(32);
  }

  /** As a survey writes it: two of three workers on one machine, and lines that differ by way. */
  private final Environment surveyed =
      Environments.parse(
              "surveyed",
              """
              workers:
                - {name: w1, site: a, machine: m1, threads: 1, mbit: {up: 10, down: 40},
                   calibration: {mlp: {alpha-seconds: 0.01, beta-seconds: 0.001}}}
                - {name: w2, site: a, machine: m1, threads: 1, mbit: {up: 10, down: 40},
                   calibration: {mlp: {alpha-seconds: 0.02, beta-seconds: 0.002}}}
                - {name: w3, site: b, mbit: {up: 20, down: 20},
                   calibration: {mlp: {alpha-seconds: 0.001, beta-seconds: 0.0001}}}
              machines:
                m1: {cores: 2}
              links: {w1>w3: {mbit: 10}, w3>w1: {mbit: 19.5}}
              """)
          .forModel("mlp", 1000);

  @Test
  void oneMoreWorkerCostsWhatTheOtherWasMeasuredToOnAMachineOfItsOwn() {
    Environment more = WhatIf.oneMoreLike(surveyed, W2).environment();
    assertThat(more.calibration(W4)).isEqualTo(surveyed.calibration(W2));
    assertThat(more.calibration(W4)).isNotEqualTo(surveyed.calibration());
    SharedCores own = more.sharedCores(W4).orElseThrow();
    assertThat(own.machine()).isNotEqualTo("m1");
    assertThat(own.cores()).isEqualTo(2);
    assertThat(more.sharedCores(W2)).isEqualTo(surveyed.sharedCores(W2));
    assertThat(more.accessDownBytesPerSecond(W4, 0))
        .isEqualTo(surveyed.accessDownBytesPerSecond(W2, 0));
  }

  @Test
  void aFasterMachineIsSoForAllWorkersOnIt() {
    Environment faster = WhatIf.fasterMachine(surveyed, W2, 2);
    assertThat(faster.computeNanos(W2, 10, 0)).isEqualTo(surveyed.computeNanos(W2, 10, 0) / 2);
    assertThat(faster.computeNanos(W1, 10, 0)).isEqualTo(surveyed.computeNanos(W1, 10, 0) / 2);
    assertThat(faster.computeNanos(W3, 10, 0)).isEqualTo(surveyed.computeNanos(W3, 10, 0));
  }

  @Test
  void eachDirectionOfALineIsWidenedForItself() {
    Environment access = WhatIf.fasterAccess(surveyed, W1, 2);
    assertThat(accessMbit(access, W1)).isEqualTo(20);
    assertThat(access.accessDownBytesPerSecond(W1, 0) * 8 / 1e6).isEqualTo(80);
    assertThat(pathMbit(access, W1, W3)).as("limited by the line").isEqualTo(20);
    assertThat(pathMbit(access, W3, W1)).as("limited elsewhere").isEqualTo(19.5);
    Environment path = WhatIf.fasterPath(surveyed, new DirectedLink(W1, W3), 4);
    assertThat(accessMbit(path, W1)).isEqualTo(40);
    assertThat(path.accessDownBytesPerSecond(W1, 0) * 8 / 1e6).isEqualTo(78);
    assertThat(accessMbit(path, W3)).isEqualTo(78);
    assertThat(path.accessDownBytesPerSecond(W3, 0) * 8 / 1e6).isEqualTo(40);
  }

  @Test
  void aWorkerThatIsNotThereIsAnError() {
    assertThatThrownBy(() -> WhatIf.fasterMachine(given, W4, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sites has no worker w4");
  }
}
