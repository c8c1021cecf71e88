package io.dlion.cli.run;

import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import io.dlion.core.node.BestModel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chooses between the model of the end and the best one that evaluations during training have
 * found: the better one on the same examples is kept, and of two alike that of the end. The
 * examples are those of the test set, as the evaluations were: a figure that was chosen so flatters
 * a little, which is what {@link #entry} says. Confined to one thread.
 */
final class ModelChoice {
  private final Optional<Candidate> candidate;
  private final Examples test;
  private final long trainingExamples;
  private @Nullable Evaluation ofLast;
  private @Nullable Evaluation ofBest;

  /** A best model, and whose it is. */
  private record Candidate(WorkerId worker, BestModel model) {}

  /**
   * A choice that has not been made.
   *
   * @param outcomes of workers in this process; their best models are the candidates
   * @param test judges
   * @param trainingExamples D
   */
  ModelChoice(List<WorkerOutcome> outcomes, Examples test, long trainingExamples) {
    this.candidate =
        outcomes.stream()
            .flatMap(o -> o.best().stream().map(best -> new Candidate(o.worker(), best)))
            .reduce((a, b) -> b.model().evaluation().isBetterThan(a.model().evaluation()) ? b : a);
    this.test = test;
    this.trainingExamples = trainingExamples;
  }

  /**
   * Leaves the better model in a learner that holds the one of the end.
   *
   * @param how the model of the end was made
   * @return how the model was made that is kept
   */
  String choose(Learner learner, String how) {
    if (candidate.isEmpty() || test.count() == 0) {
      return how;
    }
    Candidate best = candidate.get();
    MemorySegment weights = copy(learner.weights());
    MemorySegment buffers = copy(learner.buffers());
    ofLast = learner.evaluate(test);
    learner.weights().copyFrom(best.model().weights());
    learner.buffers().copyFrom(best.model().buffers());
    ofBest = learner.evaluate(test);
    if (keptBest()) {
      return Phrase.of("best evaluated model, of %s after epoch %s", best.worker(), epoch(best));
    }
    learner.weights().copyFrom(weights);
    learner.buffers().copyFrom(buffers);
    return how;
  }

  private static MemorySegment copy(MemorySegment values) {
    return MemorySegment.ofArray(values.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
  }

  private boolean keptBest() {
    return ofLast != null && ofBest != null && ofBest.isBetterThan(ofLast);
  }

  private String epoch(Candidate best) {
    return Phrase.of("%.1f", (double) best.model().samples() / trainingExamples);
  }

  /** What the model that was kept does on the test set, if that was measured. */
  Optional<Evaluation> ofKept() {
    return Optional.ofNullable(keptBest() ? ofBest : ofLast);
  }

  /** For {@code result.json}: which model was kept, and what it was chosen on. */
  Map<String, @Nullable Object> entry() {
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    if (candidate.isPresent() && ofLast != null && ofBest != null) {
      Candidate best = candidate.get();
      entry.put("kept", keptBest() ? "best" : "last");
      entry.put("chosenOn", Phrase.of("test set, %d examples", test.count()));
      Map<String, @Nullable Object> found = new LinkedHashMap<>();
      found.put("worker", best.worker().name());
      found.put("iteration", best.model().iteration());
      found.put("epoch", (double) best.model().samples() / trainingExamples);
      put(found, ofBest);
      entry.put("best", found);
      Map<String, @Nullable Object> last = new LinkedHashMap<>();
      put(last, ofLast);
      entry.put("last", last);
    }
    return entry;
  }

  private static void put(Map<String, @Nullable Object> entry, Evaluation evaluation) {
    entry.put("accuracy", evaluation.accuracy());
    entry.put("loss", evaluation.loss());
  }

  /** For people, where the model that was kept is not that of the end. */
  Optional<String> news(Kind kind) {
    if (candidate.isEmpty() || ofLast == null || ofBest == null || !keptBest()) {
      return Optional.empty();
    }
    return Optional.of(
        Phrase.of(
            "the best of all evaluations on the test set, after epoch %s: %s there, %s at the end",
            epoch(candidate.get()), text(kind, ofBest), text(kind, ofLast)));
  }

  private static String text(Kind kind, Evaluation evaluation) {
    return kind == Kind.REGRESSION
        ? Phrase.of("R² %.3f", evaluation.accuracy())
        : Phrase.of("%.1f %%", 100 * evaluation.accuracy());
  }
}
