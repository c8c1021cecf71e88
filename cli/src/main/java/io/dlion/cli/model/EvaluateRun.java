package io.dlion.cli.model;

import io.dlion.cli.console.Console;
import io.dlion.cli.job.Draft;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.JobFile;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.job.Resolver;
import io.dlion.cli.job.SourceModel;
import io.dlion.cli.problem.Problem;
import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.monitor.run.RunFolder;
import io.dlion.monitor.run.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Measures the model of a run: on the run's own test set, or on other data, which is then encoded
 * exactly as the training data was. For other data the run's folder is all that is needed.
 */
public record EvaluateRun(KnownNames names) implements Evaluating {
  @Override
  public int run(Path run, Optional<String> location, DataOptions reading, Console console)
      throws IOException {
    RunFolder folder = RunFolder.open(run);
    try (TrainedModel model = TrainedModel.load(folder)) {
      model.say(console.out());
      DataSet data =
          location.isPresent() ? other(location.get(), reading, model, folder) : own(model, folder);
      String on =
          location.isPresent()
              ? data.description()
              : Phrase.of(
                  "%,d test examples of %s (%s)",
                  data.test().count(), data.name(), data.description());
      Judgement judgement = new Judgement(model.learner(), data.test(), data.preprocessing());
      judgement.lines(on).forEach(console.out()::println);
    }
    return 0;
  }

  /** The run's data, whose test split or held-out tenth has not been learned from. */
  private DataSet own(TrainedModel model, RunFolder folder) throws IOException {
    Draft draft = JobFile.read(folder.job());
    Job job = Resolver.resolve(draft, SourceModel.names(folder, draft, names));
    if (job.isWithoutData()) {
      throw new UserError(
          folder.path()
              + ": learned from a stream alone, so that it has no test examples: give some (--data"
              + " FILE); result.json has its prequential accuracy");
    }
    DataSet data = Problem.openData(job, model.preprocessing());
    ExampleShape expected = model.spec().shape();
    boolean same =
        fingerprint(folder).map(data.fingerprint()::equals).orElse(true)
            && data.test().shape().equals(expected);
    if (!same) {
      throw new UserError(
          Phrase.of(
              "%s: expected the data that %s was trained on, found other data there now; --data %s judges the model on it as it is",
              job.data(), folder.path(), job.data()));
    }
    return data;
  }

  /** Of the data that a run was trained on; empty where the run left no result. */
  private static Optional<Object> fingerprint(RunFolder folder) throws IOException {
    return Files.exists(folder.result())
            && RunResult.read(folder.result()).extra().get("data") instanceof Map<?, ?> data
        ? Optional.ofNullable(data.get("fingerprint"))
        : Optional.empty();
  }

  private static DataSet other(
      String location, DataOptions reading, TrainedModel model, RunFolder folder) {
    return Problem.openFor(
        location,
        reading,
        model
            .preprocessing()
            .orElseThrow(() ->
                new UserError(
                    folder.model()
                        + ": does not say how its training data was prepared, since an older version wrote it: without --data it can be evaluated, or train again")));
  }
}
