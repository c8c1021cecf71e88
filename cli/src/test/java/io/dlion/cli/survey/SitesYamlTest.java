package io.dlion.cli.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.cluster.desk.Contact;
import io.dlion.cluster.survey.HostFacts;
import io.dlion.cluster.survey.StepFacts;
import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.emulator.environment.Calibration;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Environments;
import io.dlion.emulator.environment.SharedCores;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SitesYamlTest {
  private static final WorkerId LYON = new WorkerId("lyon-1");
  private static final WorkerId OSLO = new WorkerId("7");
  private static final WorkerId ROME = new WorkerId("rome");
  private static final String BOX = "a".repeat(32);

  private static Site.Timed site(WorkerId worker, String place, String machine, StepFacts steps) {
    Contact contact = new Contact(worker.name(), UUID.randomUUID());
    return new Site.Timed(new Site(worker, place, contact, new HostFacts(machine, 2, 4)), steps);
  }

  private static StepFacts steps(double rest) {
    return new StepFacts("cnn", 325_000, 0.0123456, 0.000712345, rest, 100);
  }

  private static final List<Site.Timed> SITES =
      List.of(
          site(OSLO, "a \"place\": #1", BOX, steps(0)),
          site(LYON, "lyon", BOX, steps(0.1)),
          site(ROME, "rome", "b".repeat(32), steps(0)));

  private static Environment read(LineTable lines, List<Site.Timed> sites) {
    List<String> text =
        new SitesYaml(new TimedSites(sites, Map.of(BOX, 1.25)), lines, true)
            .text(LocalDate.of(2026, 11, 30));
    return Environments.parse("sites", String.join("\n", text));
  }

  @Test
  void theEmulatorFindsInItWhatWasMeasured() {
    LineTable lines = new LineTable();
    lines.measured(LYON, OSLO, 0.04, 1_000_000, 2_000_000, true);
    lines.measured(LYON, ROME, 0.08, 1_500_000, 3_000_000, true);
    lines.measured(OSLO, ROME, 0.02, 500_000, 250_000, true);
    lines.carried(LYON, new LineTable.Access(2_250_000, 2_500_000));
    Environment found = read(lines, SITES).forModel("cnn", 1_300_000);

    assertThat(found.calibration(LYON)).isEqualTo(new Calibration(0.01235, 0.0007123, 0.1));
    assertThat(found.calibration(ROME)).isEqualTo(new Calibration(0.01235, 0.0007123));
    // Four threads on two cores are measured as they are; they need both.
    assertThat(found.sharedCores(LYON)).contains(new SharedCores("m1", 2, 1.25, 2));
    assertThat(found.sharedCores(OSLO)).contains(new SharedCores("m1", 2, 1.25, 2));
    assertThat(found.sharedCores(ROME)).isEmpty();
    assertThat(found.workers().getFirst().site()).isEqualTo("a \"place\": #1");

    // All lines at once carried more up than any alone, and one alone more down than all at once.
    assertThat(found.accessBytesPerSecond(LYON, 0)).isCloseTo(2_250_000, within(1.0));
    assertThat(found.accessDownBytesPerSecond(LYON, 0)).isCloseTo(3_000_000, within(1.0));
    assertThat(found.pathBytesPerSecond(LYON, OSLO, 0)).isCloseTo(1_000_000, within(1.0));
    assertThat(found.pathBytesPerSecond(OSLO, LYON, 0)).isCloseTo(2_000_000, within(1.0));
    assertThat(found.pathBytesPerSecond(ROME, OSLO, 0)).isCloseTo(250_000, within(1.0));
    assertThat(found.latencyNanos(LYON, ROME)).isEqualTo(40_000_000);
    assertThat(found.latencyNanos(ROME, OSLO)).isEqualTo(10_000_000);
  }

  @Test
  void pairsThatTalkOverOthersAreUnreachable() {
    LineTable lines = new LineTable();
    lines.measured(LYON, OSLO, 0.04, 1_000_000, 2_000_000, true);
    lines.measured(LYON, ROME, 0.04, 1_000_000, 2_000_000, true);
    lines.relayed(new WorkerPair(ROME, OSLO));
    assertThat(read(lines, SITES).mayRelay()).isTrue();
  }

  @Test
  void linesInsideAPlaceAreItsLan() {
    LineTable lines = new LineTable();
    lines.measured(LYON, ROME, 0.0002, 100_000_000, 50_000_000, false);
    Environment found =
        read(
            lines,
            List.of(
                site(LYON, "shop", BOX, steps(0)), site(ROME, "shop", "b".repeat(32), steps(0))));
    assertThat(found.isLan(LYON, ROME)).isTrue();
    assertThat(found.lanMbit()).isEqualTo(800);
    assertThat(found.pathMbit(ROME, LYON).orElseThrow().at(0)).isEqualTo(400);
    assertThat(found.latencyNanos(ROME, LYON)).isEqualTo(100_000);
  }

  @Test
  void oneWorkerAloneIsAnEnvironment() {
    Environment found = read(new LineTable(), SITES.subList(2, 3)).forModel("cnn", 1);
    assertThat(found.workers()).hasSize(1);
    assertThat(found.computeNanos(ROME, 100, 0)).isEqualTo(83_580_000);
  }
}
