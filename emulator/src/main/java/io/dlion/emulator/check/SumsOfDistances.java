package io.dlion.emulator.check;

import io.dlion.core.node.Action;
import io.dlion.core.report.Report;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.MessageType;
import java.util.List;
import java.util.Optional;

/**
 * Rounds of local steps that end without everybody: the weights from which a worker went move by
 * what it has sent of that round, and by every message that has come since the round before ended,
 * each once and as it is. A round of which no link was given a message of its own, because all were
 * busy, is not known.
 */
final class SumsOfDistances extends StepModel {
  private static final double TOLERANCE = 1e-5;

  private final Gradients gradients;
  private Optional<Gradients.Decoded> contributed = Optional.empty();

  SumsOfDistances(View view, DueGradients due, Gradients gradients) {
    super(view, due);
    this.gradients = gradients;
  }

  @Override
  void answered(List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.Send a && Frame.isOf(MessageType.GRADIENT, a.payload())) {
        try {
          Gradients.Decoded sent = gradients.decode(a.payload(), view.replica.layout());
          if (!sent.isGathered()) {
            contributed = Optional.of(sent);
          }
        } catch (MalformedMessageException e) {
          throw new IllegalStateException(view.id + " sends what nobody can read", e);
        }
      }
    }
  }

  @Override
  void merged(float[] others, double lambda) {
    unsure = true;
  }

  @Override
  void replaced(float[] memory, long iterations) {
    unsure = true;
  }

  @Override
  Judgement stepped(Report.Iteration r) {
    double[] sum = new double[weights.length];
    due.take(r.iteration(), sum);
    float[] found = floats(view.replica.weights());
    Judgement judgement = Judgement.UNKNOWN;
    Optional<Gradients.Decoded> mine =
        contributed.filter(sent -> sent.iteration() == r.iteration());
    if (mine.isPresent() && !unsure) {
      float[] values = mine.get().values();
      for (int i = 0; i < sum.length; i++) {
        sum[i] = weights[i] - sum[i] - values[i];
      }
      judgement = compare(sum, found, TOLERANCE);
    }
    weights = found;
    contributed = Optional.empty();
    unsure = false;
    return judgement;
  }
}
