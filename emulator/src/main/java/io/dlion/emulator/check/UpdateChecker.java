package io.dlion.emulator.check;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.batching.Weighting;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.optimizer.Momentum;
import io.dlion.core.report.Report;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.sync.Synchronization;
import io.dlion.core.wire.WeightsMessage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Consumer;

/**
 * A step changes the weights by what the worker computed and by every gradient that came in time,
 * each exactly once and with its weight: works out every step from the messages, in double
 * precision, and compares. So it finds an update that is applied twice, left out, or taken from a
 * worker that has gone.
 *
 * <p>Steps it cannot know all about are left out: those during which the global batch has changed
 * or weights were merged, those after memory was taken over, local steps, and anticipated ones.
 */
final class UpdateChecker implements Checker {
  private static final double TOLERANCE = 1e-5;
  private static final int HELD_MAX = 2;

  private final Findings findings;
  private final boolean bounded;
  private final boolean ordered;
  private final Synchronization staleness;
  private final double learningRate;
  private final double momentum;
  private final double weightDecay;
  private final boolean sender;
  private final boolean alike;
  private final boolean alone;
  private final Map<View, Model> models = new WeakHashMap<>();
  private final boolean understood;
  private long checked;

  UpdateChecker(Findings findings, Strategy strategy) {
    this.findings = findings;
    Synchronization staleness = strategy.synchronization().staleness();
    this.bounded = strategy.synchronization().waits();
    this.ordered = staleness.ordered();
    this.staleness = staleness;
    Optional<Momentum.Rule> sgd =
        Optional.of(strategy.descent().optimizer())
            .filter(Momentum.Rule.class::isInstance)
            .map(Momentum.Rule.class::cast);
    this.learningRate = strategy.descent().optimizer().learningRate();
    this.momentum = sgd.map(Momentum.Rule::momentum).orElse(0.0);
    this.weightDecay = sgd.map(Momentum.Rule::weightDecay).orElse(0.0);
    this.sender = strategy.descent().atSender();
    this.alike = strategy.keepsReplicasAlike();
    this.alone = !strategy.exchange().exchangesGradients();
    this.understood =
        sgd.isPresent()
            && strategy.descent().local().isEmpty()
            && strategy.batching().weighting() == Weighting.SAMPLES
            && !strategy.anticipates();
  }

  /** How many steps it has compared. */
  long checked() {
    return checked;
  }

  private record Came(WorkerId from, Gradients.Decoded message) {}

  /** What a worker's memory must contain. */
  private static final class Model {
    final List<Came> due = new ArrayList<>();
    final double[] velocity;
    float[] weights;
    float[] own;
    int global = -1;
    boolean unsure;

    /** As the view counts them. */
    int changes;

    Model(View view) {
      weights = weights(view);
      velocity = new double[weights.length];
      own = new float[weights.length];
    }
  }

  @Override
  public void born(View view) {
    if (understood) {
      models.put(view, new Model(view));
    }
  }

  @Override
  public void told(View view, Event event) {
    Model model = models.get(view);
    if (model == null || view.finished) {
      return;
    }
    // The global batch may have changed with who takes part, and changed back before the step.
    model.unsure |= model.changes != view.changes;
    model.changes = view.changes;
    switch (event) {
      case Event.Received e -> came(view, model, e.from());
      case Event.MembersChanged _ -> model.unsure = true;
      case Event.Computed e -> computed(view, model, e.loss());
      default -> {}
    }
  }

  private void came(View view, Model model, WorkerId from) {
    Gradients.Decoded message = view.gradient;
    if (message == null || !view.fresh) {
      model.unsure |= !view.peers.containsKey(from); // it may have said goodbye just now
      return;
    }
    long iteration = message.iteration();
    if (ordered) {
      View.Peer peer = view.peers.get(from);
      long since = Math.max(view.iteration, peer == null ? 0 : peer.arrivedBefore + 1);
      if (held(model, from, since) < HELD_MAX
          && held(model, from, view.iteration) < 3 * HELD_MAX
          && iteration >= view.iteration) {
        model.due.add(new Came(from, message));
      }
    } else if (!bounded || !staleness.tooOld(view.iteration, iteration)) {
      model.due.add(new Came(from, message));
    }
  }

  private static long held(Model model, WorkerId from, long since) {
    return model.due.stream()
        .filter(c -> c.from.equals(from) && c.message.iteration() >= since)
        .count();
  }

  /** A gradient lies in the replica; only the iterations' own ones count, and only sound ones. */
  private void computed(View view, Model model, double loss) {
    MemorySegment gradient = view.replica.gradient();
    if (Double.isFinite(loss) && Blocks.allFinite(gradient, model.own.length)) {
      model.own = gradient.toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  @Override
  public void answered(View view, long nowNanos, List<Action> actions) {
    Model model = models.get(view);
    if (model == null || view.finished) {
      return; // at its end a worker's weights may become the average of its steps
    }
    List<Report.Transfer> taken = taken(actions);
    model.unsure |= !taken.isEmpty();
    for (Action action : actions) {
      if (action instanceof Action.Tell a) {
        if (a.report() instanceof Report.Transfer r && r.lambda() > 0) {
          merged(view, model, r);
        } else if (a.report() instanceof Report.Iteration r) {
          stepped(view, model, nowNanos, r);
        }
      }
    }
    taken.forEach(t -> remembers(view, model, t));
  }

  /** Whole weights that have become this worker's own. */
  private static List<Report.Transfer> taken(List<Action> actions) {
    return actions.stream()
        .mapMulti((Action action, Consumer<Report.Transfer> each) -> {
          if (action instanceof Action.Tell(Report.Transfer r) && r.round() == 0) {
            each.accept(r);
          }
        })
        .toList();
  }

  /** Who has become another remembers what that one did, or nothing. */
  private static void remembers(View view, Model model, Report.Transfer taken) {
    WeightsMessage given = view.weights.get(taken.from());
    float[] memory = given == null ? new float[0] : values(given.memory());
    for (int i = 0; i < model.velocity.length; i++) {
      model.velocity[i] = memory.length == 0 ? 0 : memory[i];
    }
  }

  private static void merged(View view, Model model, Report.Transfer transfer) {
    WeightsMessage given = view.weights.get(transfer.from());
    if (given == null) { // its sender had left when they came
      model.unsure = true;
      return;
    }
    float[] others = values(given.weights());
    for (int i = 0; i < others.length; i++) {
      model.weights[i] += (float) transfer.lambda() * (others[i] - model.weights[i]);
    }
  }

  private static float[] values(MemorySegment some) {
    return some.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  private void stepped(View view, Model model, long nowNanos, Report.Iteration r) {
    double[] sum = new double[model.own.length];
    addDue(model, r.iteration(), sum);
    double ofSample = 1.0 / (alone ? r.batchSize() : r.globalBatchSize());
    double weight = alike ? ofSample : 1;
    double share = r.batchSize() * (alike ? 1 : ofSample);
    for (int i = 0; i < sum.length; i++) {
      double own = share * model.own[i];
      if (sender) {
        model.velocity[i] = momentum * model.velocity[i] + own;
        own = model.velocity[i];
      }
      sum[i] = (sum[i] + own) * weight;
    }
    float[] before = model.weights;
    model.weights = weights(view);
    boolean sure = !model.unsure && !view.comesLate && model.global == r.globalBatchSize();
    double worst = 0;
    double decay = sender ? weightDecay / (1 - momentum) : weightDecay;
    for (int i = 0; i < sum.length; i++) {
      double change = sum[i] + decay * before[i];
      if (!sender) {
        model.velocity[i] = momentum * model.velocity[i] + change;
        change = model.velocity[i];
      }
      worst = Math.max(worst, Math.abs(before[i] - learningRate * change - model.weights[i]));
      if (!sure && !sender) { // what really was applied is what goes on
        model.velocity[i] = (before[i] - (double) model.weights[i]) / learningRate;
      }
    }
    if (sure) {
      checked++;
      if (!(worst < TOLERANCE)) {
        findings.add(
            view,
            nowNanos,
            Phrase.of("a step is off by %.2e: an update was left out, or applied twice", worst));
      }
    }
    model.global = r.globalBatchSize();
    model.unsure = false;
  }

  /** Adds up what is due in an iteration. */
  private void addDue(Model model, long iteration, double[] sum) {
    List<Came> later = new ArrayList<>();
    for (Came came : model.due) {
      if (!ordered || came.message.iteration() <= iteration) {
        float[] values = came.message.values();
        for (int i = 0; i < values.length; i++) {
          sum[i] += values[i];
        }
      } else {
        later.add(came);
      }
    }
    model.due.clear();
    model.due.addAll(later);
  }

  private static float[] weights(View view) {
    return view.replica.weights().toArray(ValueLayout.JAVA_FLOAT);
  }
}
