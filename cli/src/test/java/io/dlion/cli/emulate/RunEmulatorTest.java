package io.dlion.cli.emulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.job.Draft;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.JobKey;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.job.Resolver;
import io.dlion.cli.problem.Problem;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Environments;
import io.dlion.monitor.comparison.trace.SeedRun;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Runs that end at a target are the beginnings of whole ones. */
class RunEmulatorTest {
  private static final double BUDGET_SECONDS = 6;

  private final Job job =
      Resolver.resolve(
          Draft.ofFlags(
              Map.of(
                  JobKey.DATA,
                  List.of("generated:blobs"),
                  JobKey.MODEL,
                  List.of("logistic"),
                  JobKey.PRESET,
                  List.of("dlion"))),
          new KnownNames(List.of("logistic"), List.of("blobs")));

  private final Environment where =
      Environments.parse(
          "shops",
          """
          workers:
            - {name: lyon, site: lyon, speed: 4, mbit: 20}
            - {name: nice, site: nice, speed: 1, mbit: 2}
          calibration: {alpha-seconds: 0.01, beta-seconds: 0.001}
          """);

  private final Problem problem = Problem.open(job);
  private final RunEmulator whole =
      RunEmulator.of(
          problem,
          job,
          problem.fitted(job.settings()),
          Duration.ofSeconds((long) BUDGET_SECONDS),
          Duration.ofMillis(200),
          1,
          1,
          () -> false);

  private SeedRun run(RunEmulator emulator) {
    return emulator.run(where, problem.fitted(job.settings()), 3);
  }

  @Test
  void aRunEndsAtTheTargetWhereAWholeOneReachesIt() {
    SeedRun all = run(whole);
    double target = all.curve().get(all.curve().size() / 3).accuracy();
    SeedRun part = run(whole.until(OptionalDouble.of(target)));
    double seconds = all.secondsTo(target, BUDGET_SECONDS).orElseThrow();
    assertThat(seconds).isLessThan(BUDGET_SECONDS);
    assertThat(part.secondsTo(target, BUDGET_SECONDS)).hasValue(seconds);
    assertThat(part.endedAtTarget()).isTrue();
    assertThat(part.seconds()).isEqualTo(seconds);
    assertThat(part.totals().accuracy()).isGreaterThanOrEqualTo(target);
    assertThat(part.totals().bytesSent()).isPositive().isLessThan(all.totals().bytesSent());
    assertThat(all.curve().subList(0, part.curve().size())).isEqualTo(part.curve());
    assertThat(all.endedAtTarget()).isFalse();
  }

  @Test
  void aRunThatDoesNotReachItTakesAllItsTime() {
    SeedRun run = run(whole.until(OptionalDouble.of(1.01)));
    assertThat(run).isEqualTo(run(whole));
    assertThat(run.seconds()).isEqualTo(BUDGET_SECONDS);
  }
}
