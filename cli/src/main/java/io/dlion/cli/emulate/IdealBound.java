package io.dlion.cli.emulate;

import io.dlion.monitor.comparison.trace.SeedRun;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses the settings of the ideal bound: one model that is trained with all machines' power and
 * no communication. It has what methods may have: small batches, an average of steps, and a rate of
 * its own. The choice is made on the first seed, by what is reported, so that the bound is rather
 * too good than too bad. Begins when it is made; confined to one thread.
 *
 * <p>All batch sizes are tried first. Then the best one is tried with half and twice the rate and
 * without averaging, the next smaller one with half and the next larger one with twice the rate.
 */
final class IdealBound {
  private static final List<Integer> BATCHES = List.of(8, 12, 32, 64, 96, 192);
  private static final int AVERAGING = 8;
  private static final int VARIATIONS = 5;

  private final Trainer trainer;
  private final Comparator<SeedRun> order;
  private final Map<Setting, Trials.Run> tried = new LinkedHashMap<>();

  /**
   * What it may vary.
   *
   * @param batch in samples, of all machines together
   * @param averaging γ, 0 for the last step
   * @param rate learning rate
   */
  record Setting(int batch, int averaging, double rate) {
    private Setting withBatch(int other) {
      return new Setting(other, averaging, rate);
    }

    private Setting withRate(double other) {
      return new Setting(batch, averaging, other);
    }

    @Override
    public String toString() {
      return "batches of " + batch + ", averaging " + averaging + ", rate " + rate;
    }
  }

  /** Trains the model with the first seed. */
  interface Trainer {
    Trials.Run train(Setting setting);
  }

  /**
   * The best of what was tried.
   *
   * @param setting it was trained with
   * @param run its training
   * @param tried how many settings were tried
   */
  record Choice(Setting setting, Trials.Run run, int tried) {}

  /**
   * Begins to try.
   *
   * @param rate to begin with
   * @param trainer trains
   * @param order the better run first
   */
  IdealBound(double rate, Trainer trainer, Comparator<SeedRun> order) {
    this.trainer = trainer;
    this.order = order;
    BATCHES.forEach(batch -> attempt(new Setting(batch, AVERAGING, rate)));
  }

  /** How many settings are tried at most. */
  static int triedMax() {
    return BATCHES.size() + VARIATIONS;
  }

  /** The best setting, unless trials were stopped; waits for them. */
  Optional<Choice> best() throws IOException, InterruptedException {
    Optional<Choice> first = bestSoFar();
    if (first.isEmpty()) {
      return first;
    }
    Setting setting = first.get().setting();
    int place = BATCHES.indexOf(setting.batch());
    attempt(new Setting(setting.batch(), 0, setting.rate()));
    Setting slower = setting.withRate(setting.rate() / 2);
    Setting faster = setting.withRate(setting.rate() * 2);
    attempt(slower);
    attempt(faster);
    if (place > 0) {
      attempt(slower.withBatch(BATCHES.get(place - 1)));
    }
    if (place < BATCHES.size() - 1) {
      attempt(faster.withBatch(BATCHES.get(place + 1)));
    }
    return bestSoFar();
  }

  private void attempt(Setting setting) {
    tried.computeIfAbsent(setting, trainer::train);
  }

  private Optional<Choice> bestSoFar() throws IOException, InterruptedException {
    SeedRun best = null;
    Choice choice = null;
    for (Map.Entry<Setting, Trials.Run> one : tried.entrySet()) {
      Optional<SeedRun> run = one.getValue().await();
      if (run.isEmpty()) {
        return Optional.empty();
      }
      if (best == null || order.compare(run.get(), best) < 0) {
        best = run.get();
        choice = new Choice(one.getKey(), one.getValue(), tried.size());
      }
    }
    return Optional.ofNullable(choice);
  }
}
