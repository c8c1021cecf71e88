package io.dlion.emulator.run;

import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Examples;
import java.util.ArrayList;
import java.util.List;

/**
 * Evaluates workers on the test set, at no cost in virtual time: looking at a model is not part of
 * training it.
 */
final class Judge {
  private final LearnerPool pool;
  private final Examples test;

  Judge(LearnerPool pool, Examples test) {
    this.pool = pool;
    this.test = test;
  }

  /** Evaluations of models, in their order; equal ones are evaluated once. */
  List<Evaluation> evaluate(List<Memory> models) {
    List<Memory> distinct = new ArrayList<>();
    List<LearnerPool.Task<Evaluation>> tasks = new ArrayList<>();
    List<Integer> which = new ArrayList<>();
    for (Memory model : models) {
      int found = 0;
      while (found < distinct.size() && !distinct.get(found).sameModel(model)) {
        found++;
      }
      if (found == distinct.size()) {
        distinct.add(model);
        tasks.add(pool.submit(learner -> model.evaluate(learner, test)));
      }
      which.add(found);
    }
    List<Evaluation> evaluations = tasks.stream().map(LearnerPool.Task::result).toList();
    return which.stream().map(evaluations::get).toList();
  }
}
