package io.dlion.core.strategy;

import io.dlion.core.exchange.ExchangeRule;
import io.dlion.core.optimizer.OptimizerRule;
import io.dlion.core.optimizer.Optimizers;
import io.dlion.core.optimizer.RateSchedule;
import io.dlion.core.optimizer.RateSchedules;
import io.dlion.core.settings.Settings;
import java.util.Optional;

/**
 * How gradients change weights, as the settings say.
 *
 * @param optimizer of gradients
 * @param atSender whether its memory is of a worker's own gradients, and what becomes of them is
 *     exchanged; else it is of what all workers contribute
 * @param schedule of the learning rate
 * @param averaging γ: the model is the average of about the newest 1/γ of all steps; 0: it is the
 *     last step
 * @param local local steps, if not every gradient is exchanged
 */
public record DescentRule(
    OptimizerRule optimizer,
    boolean atSender,
    RateSchedule schedule,
    int averaging,
    Optional<LocalSteps> local) {
  static DescentRule of(Settings settings, ExchangeRule exchange) {
    OptimizerRule optimizer = Optimizers.of(settings);
    Optional<LocalSteps> local = LocalSteps.of(settings);
    // A moment would take the entries that a partial gradient lacks for zeros.
    boolean partial = !optimizer.isLinear() && !exchange.sendsEverything();
    boolean asked = settings.is("exchange.momentum", "sender") && exchange.exchangesGradients();
    return new DescentRule(
        optimizer,
        local.isEmpty() && optimizer.remembers() && (asked || partial),
        RateSchedules.of(settings),
        local.isEmpty() ? settings.smallInteger("optimizer.averaging") : 0,
        local);
  }

  /** The same with a learning rate that stays as it is. */
  DescentRule withConstantRate() {
    return new DescentRule(optimizer, atSender, new RateSchedule.Constant(), averaging, local);
  }

  /** The same with the step size multiplied. */
  DescentRule scaled(double factor) {
    return new DescentRule(optimizer.scaled(factor), atSender, schedule, averaging, local);
  }
}
