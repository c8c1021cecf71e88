package io.dlion.cli.model;

import io.dlion.cli.checkpoint.ModelFile;
import io.dlion.cli.console.Console;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Writes the model of a run for other programs. */
public final class ExportRun implements Exporting {
  @Override
  public int run(Path run, Format format, Path output, Console console) throws IOException {
    RunFolder folder = RunFolder.open(run);
    try (TrainedModel model = TrainedModel.load(folder)) {
      model.say(console.out());
      switch (format) {
        case SAFETENSORS ->
            ModelFile.write(output, model.spec(), model.preprocessing(), model.learner(), Map.of());
        case TORCHSCRIPT -> model.spec().exportTorchScript(model.learner(), output);
      }
    }
    console.out().println("wrote " + output);
    return 0;
  }
}
