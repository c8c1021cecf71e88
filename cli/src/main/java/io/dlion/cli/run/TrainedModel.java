package io.dlion.cli.run;

import io.dlion.cli.job.Job;
import io.dlion.core.UserError;
import io.dlion.core.learn.Learner;
import io.dlion.data.Preprocessing;
import io.dlion.data.Safetensors;
import io.dlion.engine.ModelSpec;
import io.dlion.monitor.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The model of a finished run, ready to be used.
 *
 * @param spec which model it is
 * @param preprocessing how its examples are made; empty for runs of older versions
 * @param learner holds its weights
 */
record TrainedModel(ModelSpec spec, Optional<Preprocessing> preprocessing, Learner learner)
    implements AutoCloseable {
  /** The TorchScript file that a run trained, kept in its folder. */
  static final String SCRIPT = "source.pt";

  /** Loads the model of a run. */
  static TrainedModel load(RunFolder folder) throws IOException {
    if (!Files.exists(folder.model())) {
      throw new UserError(
          folder.path()
              + ": has no model.safetensors: the run has not ended; dlion train --resume "
              + folder.path()
              + " goes on with it");
    }
    Safetensors file = Safetensors.read(folder.model());
    Path script = folder.path().resolve(SCRIPT);
    String name =
        Files.exists(script)
            ? script.toString()
            : file.metadata().getOrDefault("dlion.model", Job.AUTO_MODEL);
    ModelSpec spec = Problem.model(name, ModelFile.shape(file, folder.model()));
    Optional<Preprocessing> preprocessing = ModelFile.preprocessing(file, folder.model());
    Learner learner = spec.learner(0, Runtime.getRuntime().availableProcessors());
    try {
      ModelFile.load(file, folder.model(), learner);
      return new TrainedModel(spec, preprocessing, learner);
    } catch (RuntimeException e) {
      learner.close();
      throw e;
    }
  }

  @Override
  public void close() {
    learner.close();
  }
}
