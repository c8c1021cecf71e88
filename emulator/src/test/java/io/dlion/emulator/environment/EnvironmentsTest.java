package io.dlion.emulator.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentsTest {
  private static final Path FOLDER =
      Path.of(Objects.requireNonNull(System.getProperty("dlion.root")), "environments");

  /** Cores and Mbit/s of the six workers, as they stand in the design's table. */
  @ParameterizedTest
  @CsvSource({
    "homo-a,        24 24 24 24 24 24,       LAN",
    "homo-b,        24 24 24 24 24 24,       50 50 50 50 50 50",
    "hetero-cpu-a,  24 24 12 12 4 4,         LAN",
    "hetero-cpu-b,  24 24 24 24 4 4,         LAN",
    "hetero-net-a,  24 24 24 24 24 24,       50 50 35 35 20 20",
    "hetero-net-b,  24 24 24 24 24 24,       50 50 50 50 20 20",
    "hetero-sys-a,  24 24 12 12 4 4,         50 50 35 35 20 20",
    "hetero-sys-b,  24 24 12 12 4 4,         20 20 35 35 50 50",
    "homo-gpu,      960 960 960 960 960 960, LAN",
    "hetero-gpu,    960 960 480 480 120 120, 1000 1000 500 500 100 100",
    "starved-a,     24 24 12 12 4 4,         5 5 3.5 3.5 2 2",
    "starved-b,     24 24 24 24 24 24,       0.5 0.5 0.5 0.5 0.5 0.5",
  })
  void theSixWorkersAreThoseOfTheTable(String name, String cores, String mbit) throws IOException {
    Environment environment = Environments.find(name);
    assertThat(environment.name()).isEqualTo(name);
    assertThat(cores(environment, 0)).isEqualTo(cores);
    assertThat(mbit(environment, 0)).isEqualTo(mbit);
    assertThat(environment.workers().stream().map(SitedWorker::site))
        .containsExactly("a", "a", "b", "b", "c", "c");
    assertThat(environment.nextBandwidthChangeNanos(0)).isEqualTo(Long.MAX_VALUE);
    assertThat(environment.happenings()).isEmpty();
    assertThat(environment.lanBytesPerSecond())
        .isEqualTo(name.equals("homo-gpu") ? 1_250_000_000 : 125_000_000);
  }

  @ParameterizedTest
  @CsvSource({
    "dynamic-sys-a, homo-b hetero-sys-a hetero-sys-b",
    "dynamic-sys-b, hetero-sys-b hetero-sys-a homo-b",
  })
  void theDynamicOnesAreOthersForAThirdOfTheBudgetEach(String name, String phases)
      throws IOException {
    Environment environment = Environments.find(name).withBudget(900_000_000_000L);
    String[] others = phases.split(" ", -1);
    for (int i = 0; i < 3; i++) {
      Environment other = Environments.find(others[i]);
      for (long at : List.of(i * 300_000_000_000L, (i + 1) * 300_000_000_000L - 1)) {
        assertThat(cores(environment, at)).isEqualTo(cores(other, at));
        assertThat(mbit(environment, at)).isEqualTo(mbit(other, at));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "4, 4, 1, 1",
    "8, 4, 2, 2",
    "16, 4, 4, 4",
    "32, 8, 4, 4",
    "64, 8, 8, 8",
    "512, 48, 8, 16"
  })
  void theScaledOnesHaveSitesOfManyWorkers(int workers, int sites, int least, int most)
      throws IOException {
    Environment environment = Environments.find("scale-" + workers);
    var bySite =
        environment.workers().stream()
            .collect(Collectors.groupingBy(SitedWorker::site, Collectors.counting()));
    assertThat(environment.workers()).hasSize(workers);
    assertThat(bySite).hasSize(sites);
    assertThat(bySite.values()).allMatch(n -> n >= least && n <= most);
  }

  private static String cores(Environment environment, long at) {
    return each(i -> text(environment.capacity(worker(i)).amount().at(at)));
  }

  private static String mbit(Environment environment, long at) {
    return environment.hasLanAccess(worker(1))
        ? "LAN"
        : each(i -> text(environment.accessBytesPerSecond(worker(i), at) * 8 / 1e6));
  }

  private static String each(java.util.function.IntFunction<String> text) {
    return IntStream.rangeClosed(1, 6).mapToObj(text).collect(Collectors.joining(" "));
  }

  private static WorkerId worker(int number) {
    return new WorkerId("w" + number);
  }

  private static String text(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  @Test
  void everyFileOfTheFolderIsListedAndCanBeRead() throws IOException {
    try (var files = Files.list(FOLDER)) {
      assertThat(files.map(f -> f.getFileName().toString().replace(".yaml", "")))
          .containsExactlyInAnyOrderElementsOf(Environments.names());
    }
    for (String name : Environments.names()) {
      assertThat(Environments.find(name).description()).as(name).isNotEmpty();
      assertThat(Environments.read(FOLDER.resolve(name + ".yaml")).workers())
          .isEqualTo(Environments.find(name).workers());
    }
  }

  @Test
  void theExamplesOfTheDocumentationCanBeRead() throws IOException {
    Path file = FOLDER.resolveSibling("docs/ENVIRONMENTS.md");
    List<String> examples =
        Pattern.compile("```yaml(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(file))
            .results()
            .map(found -> found.group(1))
            .toList();
    String yaml = examples.getFirst();
    Environment environment = Environments.parse("shops", yaml).withBudget(600_000_000_000L);
    assertThat(environment.workers()).hasSize(3);
    assertThat(environment.happenings().stream().map(Happening::atNanos))
        .containsExactly(300_000_000_000L, 360_000_000_000L);
    Environment streams = Environments.parse("streams", examples.get(examples.size() - 1));
    assertThat(streams.stream(worker(3)).orElseThrow().perSecondAt(65_000_000_000L)).isEqualTo(25);
    assertThat(streams.stream(worker(1)).orElseThrow().begin()).isEqualTo(0.1);
    assertThat(streams.withBudget(600_000_000_000L).driftSeconds()).containsExactly(200.0, 400.0);
    Environment served = Environments.parse("served", examples.get(1));
    assertThat(served.workers()).hasSize(12);
    assertThat(served.withoutServers().workers()).hasSize(11);
    Environment relayed = Environments.parse("relayed", examples.get(2));
    assertThat(relayed.mayRelay()).isTrue();
    assertThat(relayed.happenings()).hasSize(3);
  }

  @Test
  void findsFilesByTheirPaths(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("mine.yaml"), "workers: [{cores: 1, mbit: 1}]\n");
    assertThat(Environments.find(file.toString()).name()).isEqualTo("mine");
    assertThat(Environments.find(file.toString()).description()).isEmpty();
  }

  @Test
  void saysWhatIsNotThere() {
    assertThatThrownBy(() -> Environments.find("hetero-sys"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "unknown environment 'hetero-sys'; did you mean 'hetero-sys-a'? (dlion environments"
                + " lists them; the path of a YAML file will do, too)");
    assertThatThrownBy(() -> Environments.find("mine.yaml"))
        .isInstanceOf(UserError.class)
        .hasMessage("mine.yaml: no such file");
  }
}
