package io.dlion.cli.cap;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.CommandRun;
import io.dlion.cli.Main;
import io.dlion.cli.command.WorkerCommand;
import io.dlion.cli.console.Console;
import io.dlion.cli.run.WorkerPlace;
import io.dlion.cluster.cap.Caps;
import io.dlion.cluster.cap.Limits;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CapOptionsTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final List<WorkerPlace> places = new ArrayList<>();

  private int worker(String... options) {
    Console console = Console.plain(said, said);
    List<String> line = new ArrayList<>(List.of("worker", "--name", "w1", "--insecure"));
    line.addAll(List.of("--bind", "127.0.0.1:7800", "--seeds", "127.0.0.1:7800"));
    line.addAll(List.of(options));
    return Main.run(
        line.toArray(String[]::new),
        console,
        List.of(
            WorkerCommand.commandLine(
                CommandRun.NAMES,
                (job, place, c) -> {
                  places.add(place);
                  return 0;
                },
                console)));
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  void withoutThemAWorkerTakesWhatItGets() {
    assertThat(worker()).as(said()).isZero();
    assertThat(places.getFirst().takes().caps()).isEqualTo(Caps.NONE);
    assertThat(places.getFirst().takes().nice()).isEmpty();
  }

  @Test
  void quietHoursMayBeGivenSeveralTimes() {
    int code =
        worker(
            "--max-mbit=5",
            "--max-upload-mbit=2",
            "--quiet=08:00-18:00=1mbit",
            "--quiet",
            "22:00-06:00=0.5mbit",
            "--nice=19");
    assertThat(code).as(said()).isZero();
    MachineShare takes = places.getFirst().takes();
    assertThat(takes.caps().at(LocalTime.of(7, 0))).isEqualTo(new Limits(2, 5));
    assertThat(takes.caps().at(LocalTime.of(9, 0))).isEqualTo(new Limits(1, 1));
    assertThat(takes.caps().at(LocalTime.of(2, 0))).isEqualTo(new Limits(0.5, 0.5));
    assertThat(takes.nice()).hasValue(19);
    assertThat(places.getFirst().run().command())
        .as("goes on with them")
        .containsSubsequence("--quiet", "08:00-18:00=1mbit", "--quiet", "22:00-06:00=0.5mbit")
        .containsSubsequence("--nice", "19");
  }

  @Test
  void mistakesAreOneLineBeforeAnythingBegins() {
    List<List<String>> mistakes =
        List.of(
            List.of("--max-mbit", "0"),
            List.of("--quiet", "00:00-24:00=1"),
            List.of("--quiet", "08:00-18:00=0"),
            List.of("--nice", "20"),
            List.of("--nice", "-5"));
    for (List<String> mistake : mistakes) {
      said.reset();
      assertThat(worker(mistake.toArray(String[]::new))).as("%s", mistake).isEqualTo(2);
      assertThat(said().lines()).as("%s", mistake).hasSize(1);
      assertThat(said()).contains(mistake.getFirst());
    }
    assertThat(places).isEmpty();
  }
}
