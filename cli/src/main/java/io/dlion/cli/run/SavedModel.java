package io.dlion.cli.run;

import io.dlion.cli.checkpoint.ModelFile;
import io.dlion.cli.console.Interruption;
import io.dlion.cli.console.Version;
import io.dlion.cluster.settle.Agreement;
import io.dlion.cluster.worker.Fleet;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The model that a run leaves: made of what the workers have, chosen, saved, evaluated.
 *
 * @param evaluation how good it is; empty where that was not measured
 * @param entry what the result says of it
 * @param news what a person should know of the choice
 */
record SavedModel(
    Optional<Evaluation> evaluation, Map<String, @Nullable Object> entry, Optional<String> news) {
  /**
   * Makes the model, and leaves it in the run's folder.
   *
   * @param replica of one of the workers; holds the model afterwards
   * @param interruption somebody who has asked to stop does not wait for the whole test set
   */
  static SavedModel make(
      Assignment what,
      RunFolder folder,
      Fleet cluster,
      List<WorkerOutcome> outcomes,
      Learner replica,
      Interruption interruption)
      throws IOException, InterruptedException {
    Examples test = what.problem().data().test();
    ModelChoice choice =
        new ModelChoice(
            outcomes, interruption.requested() ? what.testSample() : test, what.trainingExamples());
    Agreement agreement = cluster.agree(new FinalModel(replica, what.judges(), choice));
    ModelFile.write(
        folder.model(),
        what.problem().model(),
        Optional.of(what.problem().data().preprocessing()),
        replica,
        Map.of(
            "dlion.version",
            Version.current().toString(),
            "dlion.how",
            agreement.how(),
            ModelFile.SAVED,
            Instant.now().toString()));
    Optional<Evaluation> evaluation =
        interruption.requested() || test.count() == 0
            ? Optional.empty()
            : Optional.of(choice.ofKept().orElseGet(() -> replica.evaluate(test)));
    return new SavedModel(
        evaluation,
        entry(agreement, evaluation, choice),
        choice.news(what.problem().model().shape().kind()));
  }

  private static Map<String, @Nullable Object> entry(
      Agreement model, Optional<Evaluation> saved, ModelChoice choice) {
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    entry.put("how", model.how());
    model.madeBy().ifPresent(maker -> entry.put("madeBy", maker.name()));
    saved.ifPresent(evaluation -> {
      entry.put("accuracyOf", "the saved model, on the test set");
      entry.put("accuracy", evaluation.accuracy());
      entry.put("loss", evaluation.loss());
    });
    entry.putAll(choice.entry());
    return entry;
  }
}
