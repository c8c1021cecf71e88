package io.dlion.cli.model;

import io.dlion.cli.checkpoint.ModelFile;
import io.dlion.cli.checkpoint.NewestCheckpoint;
import io.dlion.cli.job.Job;
import io.dlion.cli.model.Exporting.Format;
import io.dlion.cli.problem.Problem;
import io.dlion.core.Shell;
import io.dlion.core.UserError;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.learn.Learner;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.tensor.Safetensors;
import io.dlion.engine.ModelSpec;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The model of a run, ready to be used: what it left at its end, or its newest checkpoint while it
 * has not ended.
 *
 * @param spec which model it is
 * @param preprocessing how its examples are made; empty for runs of older versions
 * @param learner holds its weights
 * @param source whose model it is, where it is not the one that the run left at its end
 */
record TrainedModel(
    ModelSpec spec, Optional<Preprocessing> preprocessing, Learner learner, Optional<String> source)
    implements AutoCloseable {
  /** Loads the model of a run. */
  static TrainedModel load(RunFolder folder) throws IOException {
    Optional<NewestCheckpoint> checkpoint = NewestCheckpoint.of(folder);
    if (checkpoint.isEmpty() && !Files.exists(folder.model())) {
      throw new UserError(
          folder.path()
              + ": has neither model.safetensors nor a checkpoint that can be used: the run has not ended; "
              + Shell.dlion("train", "--resume", folder.path())
              + " goes on with it");
    }
    return checkpoint.isPresent()
        ? of(
            folder,
            checkpoint.get().file(),
            checkpoint.get().model(),
            Optional.of(checkpoint.get().described(Instant.now())))
        : of(folder, folder.model(), Safetensors.read(folder.model()), Optional.empty());
  }

  /**
   * Makes a model of what a file of a run holds.
   *
   * @param path of the file, for errors
   */
  static TrainedModel of(RunFolder folder, Path path, Safetensors file, Optional<String> source) {
    ModelSpec spec = Problem.model(name(file), folder, ModelFile.shape(file, path));
    Optional<Preprocessing> preprocessing = ModelFile.preprocessing(file, path);
    Learner learner = spec.learner(0, Runtime.getRuntime().availableProcessors());
    try {
      ModelFile.load(file, path, learner);
      return new TrainedModel(spec, preprocessing, learner, source);
    } catch (RuntimeException e) {
      learner.close();
      throw e;
    }
  }

  private static String name(Safetensors file) {
    return file.metadata().getOrDefault("dlion.model", Job.AUTO_MODEL);
  }

  /** Takes the weights of another file of the same run. */
  void load(Path path, Safetensors file) {
    if (!ModelFile.shape(file, path).equals(spec.shape())) {
      throw new UserError(path + ": the file is of another model");
    }
    ModelFile.load(file, path, learner);
  }

  /** Whether it can be used at all: training that has diverged leaves numbers that are none. */
  boolean isFinite() {
    return Blocks.allFinite(learner.weights(), learner.parameters().size())
        && Blocks.allFinite(learner.buffers(), learner.bufferLayout().size());
  }

  /** Writes it for other programs, whole or not at all. */
  void export(Format format, Path file) throws IOException {
    switch (format) {
      case SAFETENSORS -> ModelFile.write(file, spec, preprocessing, learner, Map.of());
      case TORCHSCRIPT -> spec.exportTorchScript(learner, file);
    }
  }

  /** Says whose model it is, where somebody could take it for that of the run's end. */
  void say(PrintStream out) {
    source.ifPresent(s -> out.println("the run has not ended: this is the " + s));
  }

  @Override
  public void close() {
    learner.close();
  }
}
