package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.emulator.environment.Environments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentsCommandTest {
  private final CommandRun dlion = new CommandRun();

  private List<String> lines(String... arguments) {
    assertThat(dlion.run(arguments)).isZero();
    assertThat(dlion.err()).isEmpty();
    return dlion.out().lines().toList();
  }

  @Test
  void listsALineForEach() {
    List<String> lines = lines("environments");
    assertThat(lines)
        .contains(
            "homo-b           6 workers  equal workers, equal links of 50 Mbit/s",
            "scale-512      512 workers  512 workers in 48 sites, as unequal as in hetero-sys-a");
    assertThat(lines.stream().filter(line -> line.contains(" workers  ")))
        .hasSameSizeAs(Environments.names());
    assertThat(lines).allMatch(line -> line.length() <= 100);
  }

  @Test
  void showsWorkersCoresAndLinksOverTime() {
    assertThat(lines("environments", "dynamic-sys-a"))
        .containsExactly(
            "dynamic-sys-a: homo-b, then hetero-sys-a, then hetero-sys-b; a third of the budget"
                + " each",
            "6 workers in 3 sites. Inside a site 1000 Mbit/s and 0.5 ms, between sites 25 ms.",
            "An iteration takes 24 cores 0.1 s + 0.028125 s for each sample.",
            "Bandwidths are multiplied by the size of the model over 5 MB.",
            "",
            "workers  site  cores            Mbit/s to other sites",
            "w1, w2   a     24               50, from 2/3 20",
            "w3, w4   b     24, from 1/3 12  50, from 1/3 35",
            "w5, w6   c     24, from 1/3 4   50, from 1/3 20, from 2/3 50");
  }

  @Test
  void showsWhatAFileSaysOfLinksEventsAndModels(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("mine.yaml"),
            """
            workers:
            - {count: 3, site: a, cores: 24, mbit: LAN}
            - {name: kiosk, cores: 2.5, mbit: 8}
            links:
              w1>kiosk: {mbit: 0.5, latency: 80ms}
              kiosk>w1: {latency: 80ms}
            events:
            - {at: 1/3, pause: w2, until: 50%}
            - {at: 2/3, cut: w1>kiosk}
            - {at: 100%, cut: [kiosk]}
            calibration:
              mlp: {alpha-seconds: 0, beta-seconds: 0.00025}
              cnn: {alpha-seconds: 1, beta-seconds: 0.5}
            """);
    assertThat(lines("environments", file.toString()))
        .containsExactly(
            "mine",
            "4 workers in 2 sites. Inside a site 1000 Mbit/s and 0.5 ms, between sites 25 ms.",
            "Mean speed over least speed, at the beginning: H = 5.99.",
            "An iteration takes 24 cores 0.1 s + 0.028125 s for each sample.",
            "One of cnn takes them 1 s + 0.5 s for each sample.",
            "One of mlp takes them 0 s + 0.00025 s for each sample.",
            "Bandwidths are multiplied by the size of the model over 5 MB.",
            "",
            "workers  site   cores  Mbit/s to other sites",
            "w1 … w3  a      24     LAN",
            "kiosk    kiosk  2.5    8",
            "",
            "links",
            "  kiosk>w1: 80 ms",
            "  w1>kiosk: at most 0.5 Mbit/s, 80 ms",
            "",
            "events, in a run of 1500 s",
            "  500 s   w2 stands still until 750 s",
            "  1000 s  w1>kiosk cut",
            "  1500 s  6 links cut");
  }

  @Test
  void showsSpeedsHeterogeneityAndWhoOnlyServes() {
    assertThat(lines("environments", "adsp-18"))
        .containsExactly(
            "adsp-18: a server and 18 workers in four classes of speed, H = 2.2",
            "19 workers in 19 sites. Inside a site 1000 Mbit/s and 0.5 ms, between sites 25 ms.",
            "18 workers train, 1 only serves. Mean speed over least speed, at the beginning: H ="
                + " 2.17.",
            "An iteration takes 24 cores 0.1 s + 0.028125 s for each sample.",
            "A worker of speed v takes 24 cores' time times 4/v.",
            "Bandwidths are multiplied by the size of the model over 5 MB.",
            "",
            "workers    site      speed  Mbit/s to other sites",
            "w1 … w7    one each  1      100",
            "w8 … w12   one each  2      100",
            "w13, w14   one each  3      100",
            "w15 … w18  one each  4      100",
            "server     server           1000 (only serves)");
  }

  @Test
  void showsWhatArrivesAndHowTheWorldChanges() {
    assertThat(lines("environments", "stream-drift"))
        .contains(
            "w5, w6   c     4      50         20",
            "streams, in a run of 1500 s",
            "  training begins with 10 % of the data",
            "  500 s   4 classes change their labels",
            "  1000 s  4 classes change their labels, over 150 s",
            "  1275 s  4 classes change their labels at w5, w6");
  }

  @Test
  void showsBursts() {
    assertThat(lines("environments", "stream-burst"))
        .contains(
            "w1       a     24     200        50",
            "  every 60 s for 10 s, 5 times as many records arrive");
  }

  @Test
  void showsTheExampleAndTheLargest() {
    Path root = Path.of(Objects.requireNonNull(System.getProperty("dlion.root")));
    assertThat(lines("environments", root.resolve("environments/example.yaml").toString()))
        .contains(
            "  office>kiosk: at most 2 Mbit/s, 25 ms", "  375 s   kiosk stands still until 450 s");
    CommandRun other = new CommandRun();
    assertThat(other.run("environments", "scale-512")).isZero();
    assertThat(other.out().lines()).hasSize(7 + 48);
  }
}
