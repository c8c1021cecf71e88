package io.dlion.cli.emulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.console.Console;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.reproduce.Experiment;
import io.dlion.cli.reproduce.Experiments;
import io.dlion.data.recognise.DataSets;
import io.dlion.emulator.environment.Environment;
import io.dlion.engine.Models;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The experiments that come with DLion ask for what {@code dlion emulate} understands. */
class ExperimentCommandsTest {
  private static final KnownNames NAMES =
      new KnownNames(
          Models.all().stream().map(Models.Model::name).toList(),
          List.copyOf(DataSets.generated().keySet()));

  private static Stream<String> names() {
    return Experiments.names().stream();
  }

  /** What would be run. */
  private static List<EmulationRequest> requests(List<List<String>> commands) throws Exception {
    List<EmulationRequest> asked = new ArrayList<>();
    for (List<String> words : commands) {
      CommandLine emulate =
          EmulateCommand.commandLine(
              NAMES,
              (request, console) -> {
                asked.add(request);
                return 0;
              },
              Console.system());
      List<String> typed = new ArrayList<>(List.of("emulate"));
      typed.addAll(words);
      new CommandLine(CommandSpec.create().name("dlion"))
          .addSubcommand(emulate)
          .parseArgs(typed.toArray(new String[0]));
      assertThat(emulate.<EmulateCommand>getCommand().call()).isZero();
    }
    return asked;
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyRunIsUnderstoodAndQuickOnesAreShorter(String name) throws Exception {
    Experiment experiment = Experiments.find(name);
    List<EmulationRequest> full = requests(experiment.commands(false));
    List<EmulationRequest> quick = requests(experiment.commands(true));
    assertThat(quick).hasSameSizeAs(full);
    for (int i = 0; i < full.size(); i++) {
      assertThat(full.get(i).job().model()).isEqualTo("cnn-small");
      if (full.get(i).environments().stream().noneMatch(Environment::hasStreams)) {
        assertThat(full.get(i).target()).hasValue(0.8);
      }
      assertThat(quick.get(i).budget()).isLessThanOrEqualTo(full.get(i).budget().dividedBy(5));
      assertThat(quick.get(i).variants()).isEqualTo(full.get(i).variants());
    }
  }
}
