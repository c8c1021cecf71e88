package io.dlion.cli.problem;

import io.dlion.cli.job.Job;
import io.dlion.cli.job.ServerName;
import io.dlion.cli.job.SourceModel;
import io.dlion.cli.stream.StreamExamples;
import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Seeds;
import io.dlion.core.learn.Subset;
import io.dlion.core.settings.Settings;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.partition.Partition;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.recognise.DataSets;
import io.dlion.engine.ModelSpec;
import io.dlion.monitor.run.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What is to be learned, and by what: the data set and the model that a job names, opened and
 * fitted to each other.
 *
 * @param data the data set
 * @param model the model for its examples
 */
public record Problem(DataSet data, ModelSpec model) {
  /**
   * Seed of generated data and of hold-outs: runs with different seeds are compared on the same
   * data.
   */
  private static final long DATA_SEED = DataOptions.defaults().seed();

  /** Opens what a job names. */
  public static Problem open(Job job) {
    return of(job, openData(job), Optional.empty());
  }

  /**
   * A job's model for examples of its data.
   *
   * @param run that is gone on with: a model file that it has kept is used, whatever has become of
   *     the one it came from
   */
  public static Problem of(Job job, DataSet data, Optional<RunFolder> run) {
    ExampleShape shape = data.train().shape();
    return new Problem(
        data, run.isPresent() ? model(job.model(), run.get(), shape) : model(job.model(), shape));
  }

  /** Opens what a job names as one part of the data, of which other workers have others. */
  public static Problem openPart(Job job) {
    DataSet part =
        job.isWithoutData()
            ? openData(job)
            : DataSets.openPart(job.data(), job.reading().withSeed(DATA_SEED));
    return of(job, part, Optional.empty());
  }

  /** The same, judged by training examples that are held out, not by the test set. */
  public Problem forValidation() {
    return new Problem(data.forValidation(DATA_SEED), model);
  }

  /**
   * The same with a random sample of the training examples, the same each time, if there are more.
   */
  public Problem sampled(int examplesMax) {
    return new Problem(
        new DataSet(
            sample(data.train(), examplesMax, DATA_SEED),
            data.test(),
            data.preprocessing(),
            data.recognised(),
            data.fingerprint()),
        model);
  }

  /** Opens a job's data set. */
  public static DataSet openData(Job job) {
    return openData(job, Optional.empty());
  }

  /**
   * Opens a job's data set in a given encoding.
   *
   * @param encoding how it is to be encoded; empty: as is measured
   */
  public static DataSet openData(Job job, Optional<Preprocessing> encoding) {
    DataOptions reading = job.reading().withSeed(DATA_SEED);
    DataOptions encoded = encoding.map(reading::encodedBy).orElse(reading);
    return job.isWithoutData()
        ? StreamExamples.open(job, encoded)
        : DataSets.open(job.data(), encoded);
  }

  /** Opens other data to judge a model by. */
  public static DataSet openFor(String location, DataOptions reading, Preprocessing preprocessing) {
    return DataSets.openFor(location, reading.withSeed(DATA_SEED), preprocessing);
  }

  /**
   * A built-in model, or a TorchScript file; {@value Job#AUTO_MODEL} is the one that suits the
   * examples.
   */
  public static ModelSpec model(String name, ExampleShape shape) {
    String chosen = name.equals(Job.AUTO_MODEL) ? suiting(shape) : name;
    return chosen.contains("/") || chosen.contains(".")
        ? ModelSpec.torchScript(chosen, Path.of(chosen), shape)
        : ModelSpec.builtIn(chosen, shape);
  }

  /** The model of a run, which has kept it if it came as a file. */
  public static ModelSpec model(String name, RunFolder run, ExampleShape shape) {
    Path kept = SourceModel.in(run);
    return Files.exists(kept) ? ModelSpec.torchScript(name, kept, shape) : model(name, shape);
  }

  /** Settings in which optimizer and learning rate, where left open, are those for this model. */
  public Settings fitted(Settings settings) {
    return AutoOptimizer.fitted(settings, model);
  }

  private static String suiting(ExampleShape shape) {
    if (shape.kind() == ExampleShape.Kind.NEXT_SYMBOL) {
      return "char-lstm";
    }
    if (shape.isSequence()) {
      return "lstm";
    }
    return shape.isImage() && Math.min(shape.input().get(1), shape.input().get(2)) >= 8
        ? "cnn"
        : "mlp";
  }

  /**
   * Each worker's share of the training examples, as the job divides them. A server that does not
   * train has none; its share is the others'.
   */
  public List<Examples> shards(Job job) {
    List<WorkerId> workers = job.workerIds();
    if (job.isWithoutData()) {
      return workers.stream().map(w -> nothing()).toList();
    }
    int without = ServerName.dedicated(job).map(workers::indexOf).orElse(-1);
    double[] shares =
        IntStream.range(0, job.workers())
            .filter(k -> k != without)
            .mapToDouble(k -> job.shares().isEmpty() ? 1 : job.shares().get(k))
            .toArray();
    List<Examples> shards = new ArrayList<>();
    for (int[] rows : Partition.parse(job.partition()).divide(data.train(), shares, job.seed())) {
      shards.add(new Subset(data.train(), rows));
    }
    if (without >= 0) {
      shards.add(without, nothing());
    }
    for (int k = 0; k < workers.size(); k++) {
      if (k != without) {
        requireBatch(shards.get(k), workers.get(k).name());
      }
    }
    return shards;
  }

  /** The share of a worker that does not train. */
  public Examples nothing() {
    return new Subset(data.train(), new int[0]);
  }

  /**
   * A share that the model can learn from.
   *
   * @param worker whose share it is
   * @throws UserError where it is smaller than the least batch
   */
  public void requireBatch(Examples share, String worker) {
    if (share.count() < model.minimumBatch()) {
      throw new UserError(
          Phrase.of(
              "model %s learns from batches of at least %d examples (batch norm), and the share of"
                  + " %s has %d; take more data or fewer workers",
              model.name(), model.minimumBatch(), worker, share.count()));
    }
  }

  /** A random sample of examples, the same for the same seed; all of them where there are fewer. */
  public static Examples sample(Examples all, int size, long seed) {
    if (size >= all.count()) {
      return all;
    }
    int[] rows = new int[all.count()];
    SplittableRandom random = new SplittableRandom(Seeds.derive(seed, "sample"));
    for (int i = 0; i < rows.length; i++) {
      int j = random.nextInt(i + 1);
      rows[i] = rows[j];
      rows[j] = i;
    }
    return new Subset(all, java.util.Arrays.copyOf(rows, size));
  }
}
