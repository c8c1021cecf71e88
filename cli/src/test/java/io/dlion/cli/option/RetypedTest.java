package io.dlion.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.CommandRun;
import io.dlion.cli.Main;
import io.dlion.cli.command.TrainCommand;
import io.dlion.cli.command.WorkerCommand;
import io.dlion.cli.console.Console;
import io.dlion.cli.job.Job;
import io.dlion.cli.run.Training;
import io.dlion.cluster.line.FreePort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetypedTest {
  /** The words with which a worker or a run of this process goes on. */
  private static List<String> goesOnWith(List<String> typed) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Console console = Console.plain(said, said);
    List<String> words = new ArrayList<>();
    int code =
        Main.run(
            typed.toArray(String[]::new),
            console,
            List.of(
                TrainCommand.commandLine(
                    CommandRun.NAMES,
                    new Training() {
                      @Override
                      public int run(Job job, Optional<Path> resumed, Console c) {
                        return 0;
                      }

                      @Override
                      public Training typed(List<String> command) {
                        words.addAll(command);
                        return this;
                      }
                    },
                    console),
                WorkerCommand.commandLine(
                    CommandRun.NAMES,
                    (job, place, c) -> {
                      words.addAll(place.run().command());
                      return 0;
                    },
                    console)));
    assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
    return words;
  }

  @Test
  void aWorkerGoesOnWhereAndHowItWorked() throws IOException {
    List<String> place = new ArrayList<>(List.of("worker", "--name", "w1", "--site", "Köln Süd"));
    place.addAll(List.of("--bind", "[::1]:7800", "--seeds", "[::1]:7800,127.0.0.1:7820"));
    place.addAll(List.of("--insecure", "--shard", "2/3", "--step-delay-millis", "5"));
    place.addAll(
        List.of(
            "--metrics-port", Integer.toString(FreePort.next()), "--metrics-bind", "127.0.0.1"));
    List<String> typed = new ArrayList<>(place);
    typed.addAll(List.of("--model", "mlp", "--epochs", "3", "--set", "batching.initial=8"));
    assertThat(goesOnWith(typed)).isEqualTo(place);
    assertThat(goesOnWith(place)).as("typed again").isEqualTo(place);
  }

  @Test
  void aRunInOneProcessGoesOnWithItsMetrics() throws IOException {
    String port = Integer.toString(FreePort.next());
    assertThat(goesOnWith(List.of("train", "--workers", "2", "--metrics-port=" + port)))
        .containsExactly("train", "--metrics-port", port);
    assertThat(goesOnWith(List.of("train"))).containsExactly("train");
  }
}
