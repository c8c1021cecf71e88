package io.dlion.emulator.check;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.batching.Weighting;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.optimizer.OptimizerRule;
import io.dlion.core.report.Report;
import io.dlion.core.strategy.LocalSteps;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.WeightsMessage;
import io.dlion.emulator.check.witness.Checker;
import io.dlion.emulator.check.witness.Findings;
import io.dlion.emulator.check.witness.ReferenceOptimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/**
 * A step changes the weights by what the worker computed and by every gradient that came in time,
 * each exactly once and with its weight: works out every step from the messages, in double
 * precision, and compares. So it finds an update that is applied twice, left out, or taken from a
 * worker that has gone. There is a {@link StepModel} for each way of stepping.
 *
 * <p>Steps that it cannot know all about are counted and left out.
 */
final class UpdateChecker implements Checker<View> {
  private final Findings findings;
  private final Strategy strategy;
  private final Gradients gradients;
  private final Map<View, StepModel> models = new WeakHashMap<>();
  private final Map<View, Integer> changes = new WeakHashMap<>();
  private long judged;

  UpdateChecker(Findings findings, Strategy strategy, Gradients gradients) {
    this.findings = findings;
    this.strategy = strategy;
    this.gradients = gradients;
  }

  /** How many steps it has judged. */
  long judged() {
    return judged;
  }

  @Override
  public void born(View view) {
    model(view).ifPresent(model -> models.put(view, model));
  }

  private Optional<StepModel> model(View view) {
    DueGradients due = new DueGradients(strategy.synchronization().staleness());
    Optional<LocalSteps> local = strategy.descent().local();
    if (local.isPresent()) {
      if (local.get().isDecoupled()) {
        return local.get().kept() == 0
            ? Optional.of(new SumsOfDistances(view, due, gradients))
            : Optional.empty();
      }
      boolean whole = local.get().fragments() == 1 && local.get().kept() == 0;
      return strategy.averages() && whole
          ? Optional.of(new LocalRounds(view, due, local.get(), gradients))
          : Optional.empty();
    }
    if (strategy.batching().weighting() != Weighting.SAMPLES
        || strategy.descent().schedule().changes()) {
      return Optional.empty();
    }
    if (!strategy.anticipates()) {
      return ReferenceOptimizer.knows(strategy.descent().optimizer())
          ? Optional.of(new ExactSteps(view, due, strategy))
          : Optional.empty();
    }
    OptimizerRule optimizer = strategy.descent().optimizer();
    return ReferenceOptimizer.knows(optimizer) && strategy.descent().atSender()
        ? Optional.of(new AnticipatedSteps(view, due, optimizer))
        : Optional.empty();
  }

  @Override
  public void told(View view, Event event) {
    StepModel model = models.get(view);
    if (model == null || view.finished) {
      return;
    }
    // The global batch may have changed with who takes part, and changed back before the step.
    Integer before = changes.put(view, view.changes);
    model.unsure |= !strategy.anticipates() && before != null && before != view.changes;
    switch (event) {
      case Event.Received e -> came(view, model, e.from());
      case Event.MembersChanged _ -> model.unsure |= !strategy.anticipates();
      case Event.Computed e -> computed(view, model, e.loss());
      default -> {}
    }
  }

  private static void came(View view, StepModel model, WorkerId from) {
    Gradients.Decoded message = view.gradient;
    if (message != null && view.fresh) {
      model.due.came(view, from, message);
    } else {
      model.unsure |= !view.peers.containsKey(from); // it may have said goodbye just now
    }
  }

  private static void computed(View view, StepModel model, double loss) {
    if (Double.isFinite(loss) && Blocks.allFinite(view.replica.gradient(), model.own.length)) {
      model.computed();
    }
  }

  @Override
  public void answered(View view, long nowNanos, List<Action> actions) {
    StepModel model = models.get(view);
    if (model == null || view.finished) {
      return; // at its end a worker's weights may become the average of its steps
    }
    model.answered(actions);
    List<Report.Transfer> taken = taken(actions);
    model.unsure |= !taken.isEmpty(); // also where a step came first: its weights are seen no more
    for (Action action : actions) {
      switch (action) {
        case Action.Tell(Report.Transfer r) when r.round() > 0 && r.lambda() > 0 ->
            merged(view, model, r);
        case Action.Tell(Report.Iteration r) -> stepped(view, model, nowNanos, r);
        default -> {}
      }
    }
    for (Report.Transfer t : taken) {
      WeightsMessage given = view.weights.get(t.from());
      model.weights = StepModel.floats(view.replica.weights());
      model.replaced(
          given == null ? new float[0] : StepModel.floats(given.memory()),
          given == null || given.memory().byteSize() == 0 ? 0 : given.iteration());
    }
  }

  /** Whole weights that have become this worker's own. */
  private static List<Report.Transfer> taken(List<Action> actions) {
    List<Report.Transfer> taken = new ArrayList<>();
    for (Action action : actions) {
      if (action instanceof Action.Tell(Report.Transfer r) && r.round() == 0) {
        taken.add(r);
      }
    }
    return taken;
  }

  private static void merged(View view, StepModel model, Report.Transfer transfer) {
    WeightsMessage given = view.weights.get(transfer.from());
    if (given == null) { // its sender had left when they came
      model.unsure = true;
    } else {
      model.merged(StepModel.floats(given.weights()), transfer.lambda());
    }
  }

  private void stepped(View view, StepModel model, long nowNanos, Report.Iteration r) {
    StepModel.Judgement judgement = model.stepped(r);
    judged += judgement == StepModel.Judgement.UNKNOWN ? 0 : 1;
    if (judgement == StepModel.Judgement.WRONG) {
      findings.add(
          view,
          nowNanos,
          Phrase.of(
              "a step is off by %.2e: an update was left out, or applied twice", model.worst));
    }
  }
}
