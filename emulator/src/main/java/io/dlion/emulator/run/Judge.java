package io.dlion.emulator.run;

import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Evaluates workers on the test set, at no cost in virtual time: looking at a model is not part of
 * training it.
 */
final class Judge {
  private final LearnerPool pool;

  /** Weights and buffers, which nobody changes while they are judged. */
  record Model(MemorySegment weights, MemorySegment buffers) {
    private boolean isSame(Model other) {
      return weights.mismatch(other.weights) < 0 && buffers.mismatch(other.buffers) < 0;
    }
  }

  Judge(LearnerPool pool) {
    this.pool = pool;
  }

  /** Evaluations of models, in their order; equal ones are evaluated once. */
  List<Evaluation> evaluate(List<Model> models, Examples test) {
    List<Model> distinct = new ArrayList<>();
    List<LearnerPool.Task<Evaluation>> tasks = new ArrayList<>();
    List<Integer> which = new ArrayList<>();
    for (Model model : models) {
      int found = 0;
      while (found < distinct.size() && !distinct.get(found).isSame(model)) {
        found++;
      }
      if (found == distinct.size()) {
        distinct.add(model);
        tasks.add(pool.submit(learner -> evaluate(model, learner, test)));
      }
      which.add(found);
    }
    List<Evaluation> evaluations = tasks.stream().map(LearnerPool.Task::result).toList();
    return which.stream().map(evaluations::get).toList();
  }

  private static Evaluation evaluate(Model model, Learner learner, Examples test) {
    learner.weights().copyFrom(model.weights);
    learner.buffers().copyFrom(model.buffers);
    return learner.evaluate(test);
  }
}
