package io.dlion.emulator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.WorkerId;
import io.dlion.core.learn.Examples;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import io.dlion.emulator.check.StubExamples;
import io.dlion.emulator.check.StubLearner;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Environments;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedCoresTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Settings ALONE =
      Presets.find("local").settings().with("batching.initial", "32");

  private final Tape tape = new Tape();

  private static Environment environment(String... lines) {
    return Environments.parse("test", String.join("\n", lines)).withBudget(60 * SECOND);
  }

  private void run(Environment where, Settings settings, ExchangeCost cost) throws IOException {
    List<Examples> data =
        Collections.nCopies(where.workers().size(), (Examples) new StubExamples(500));
    Emulation.Spec spec =
        new Emulation.Spec(
            where.forModel(4000),
            Strategy.of(settings),
            data,
            new StubExamples(10),
            1000,
            Long.MAX_VALUE,
            60 * SECOND,
            5 * SECOND,
            7,
            cost,
            tape,
            () -> false);
    try (LearnerPool pool = new LearnerPool(_ -> new StubLearner(1000), 1)) {
      Emulation.run(spec, pool);
    }
  }

  private List<Report.Iteration> of(String worker) {
    return tape.all(Report.Iteration.class).stream()
        .filter(r -> r.worker().equals(new WorkerId(worker)))
        .toList();
  }

  @Test
  void whereTwoComputeOnOneCoreEachTakesTwiceAsLong() throws IOException {
    run(
        environment(
            "workers: [{count: 2, site: a, cores: 24, mbit: 20, machine: box}]",
            "machines: {box: {cores: 1}}"),
        ALONE,
        ExchangeCost.FREE);
    // 1 s for 32 samples alone.
    assertThat(of("w1")).hasSize(30).allMatch(r -> r.computeNanos() == 2 * SECOND);
    assertThat(of("w2")).hasSize(30).allMatch(r -> r.computeNanos() == 2 * SECOND);
  }

  @Test
  void asManyCoresAsThreadsAreLikeMachinesOfTheirOwn() throws IOException {
    run(
        environment(
            "workers: [{count: 2, site: a, cores: 24, mbit: 20, machine: box}]",
            "machines: {box: {cores: 2}}"),
        ALONE,
        ExchangeCost.FREE);
    assertThat(of("w1")).hasSize(60).allMatch(r -> r.computeNanos() == SECOND);
  }

  @Test
  void whoRestsLeavesTheCoreToOthers() throws IOException {
    run(
        environment(
            "workers:",
            "  - calibration: {alpha-seconds: 0.36, beta-seconds: 0.02, rest-seconds: 1}",
            "    mbit: 20",
            "    machine: box",
            "  - {calibration: {alpha-seconds: 9.36, beta-seconds: 0.02}, mbit: 20, machine: box}",
            "machines: {box: {cores: 1}}"),
        ALONE,
        ExchangeCost.FREE);
    // w1 needs 1 s of the core, 2 s while w2 needs it, too; then w2 has the core for 1 s: of each
    // 3 s w2 has 2, and its 10 s of work take 15.
    assertThat(of("w1")).hasSize(20).allMatch(r -> r.computeNanos() == 3 * SECOND);
    assertThat(of("w2")).hasSize(4).allMatch(r -> r.computeNanos() == 15 * SECOND);
  }

  @Test
  void aWorkerThatIsGoneLeavesItsShare() throws IOException {
    run(
        environment(
            "workers: [{count: 2, site: a, cores: 24, mbit: 20, machine: box}]",
            "machines: {box: {cores: 1}}",
            "events: [{at: 31s, crash: w2}]"),
        ALONE,
        ExchangeCost.FREE);
    // The 16th step has half of its work left at 31 s, and nobody beside it.
    List<Long> nanos = of("w1").stream().map(Report.Iteration::computeNanos).toList();
    assertThat(nanos.subList(0, 15)).containsOnly(2 * SECOND);
    assertThat(nanos.get(15)).isEqualTo(SECOND + SECOND / 2);
    assertThat(nanos.subList(16, nanos.size())).containsOnly(SECOND).hasSize(28);
  }

  @Test
  void exchangeTakesItsShareOfTheCores() throws IOException {
    Environment where =
        environment(
            "workers: [{count: 2, site: a, cores: 24, mbit: 1000, machine: box}]",
            "machines: {box: {cores: 1}}",
            "real-bandwidth: true");
    Settings baseline =
        Presets.find("baseline")
            .settings()
            .with("batching.local", "fixed")
            .with("batching.initial", "32");
    // 1,000 parameters at 100,000 ns each: 0.1 s a message, then 1 s of computing, both halved.
    run(where, baseline, new ExchangeCost(100_000, 0, 0));
    List<Report.Iteration> all = of("w1");
    long last = all.getLast().atNanos() - all.get(all.size() - 2).atNanos();
    assertThat(last / 1e9).isCloseTo(2.2, within(0.01));
  }

  @Test
  void theIdealBoundHasOnlyTheCoresThatThereAre() {
    WorkerId any = new WorkerId("any");
    String workers = "workers: [{count: 2, site: a, cores: 24, mbit: 20, machine: box}]";
    // 64 samples: two workers with 32 each, 1 s; on one core twice as long.
    assertThat(
            new IdealCompute(environment(workers, "machines: {box: {cores: 2}}")).nanos(any, 64, 0))
        .isCloseTo(SECOND, within(10L));
    assertThat(
            new IdealCompute(environment(workers, "machines: {box: {cores: 1}}")).nanos(any, 64, 0))
        .isCloseTo(2 * SECOND, within(10L));
  }
}
