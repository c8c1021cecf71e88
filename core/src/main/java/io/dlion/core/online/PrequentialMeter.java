package io.dlion.core.online;

import io.dlion.core.learn.Score;
import io.dlion.core.report.StreamFigures.Prequential;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * Accuracy of predictions that were made before learning, over a window, with fading, and over all
 * (Gama, Sebastião and Rodrigues, "On evaluating stream learning algorithms", Machine Learning 90,
 * 2013, sections 3.1 and 3.2). The fading factor is {@code α = 1 − 1/w}, with the size w of the
 * window, per record. For regressions it is R², {@code 1 − SSE/SST}. Not thread safe.
 */
final class PrequentialMeter {
  private final int windowRecords;
  private final int outputs;
  private final Deque<Score> window = new ArrayDeque<>();
  private final Sums recent = new Sums();
  private final Sums faded = new Sums();
  private final Sums all = new Sums();

  /**
   * Nothing was predicted.
   *
   * @param outputs values to predict of each record; 0 where accuracy is a share
   */
  PrequentialMeter(int windowRecords, int outputs) {
    this.windowRecords = windowRecords;
    this.outputs = outputs;
  }

  void add(Score score) {
    if (score.examples() == 0) {
      return;
    }
    window.add(score);
    recent.add(score, 1);
    while (recent.records - window.element().examples() >= windowRecords) {
      recent.add(window.remove(), -1);
    }
    faded.fade(Math.pow(1 - 1.0 / windowRecords, score.examples()));
    faded.add(score, 1);
    all.add(score, 1);
  }

  Prequential read() {
    return new Prequential(recent.accuracy(outputs), faded.accuracy(outputs), overall());
  }

  double overall() {
    return all.accuracy(outputs);
  }

  /** Records predicted so far. */
  long records() {
    return Math.round(all.records);
  }

  /** Records in the window. */
  int recentRecords() {
    return (int) Math.round(recent.records);
  }

  void save(Map<String, String> state) {
    all.save(state, "stream.all.");
    faded.save(state, "stream.faded.");
  }

  void restore(Map<String, String> state) {
    all.restore(state, "stream.all.");
    faded.restore(state, "stream.faded.");
  }

  private static final class Sums {
    private double records;
    private double right;
    private double loss;
    private double targets;
    private double squares;

    void add(Score s, int sign) {
      records += sign * s.examples();
      right += Double.isNaN(s.accuracy()) ? 0 : sign * s.accuracy() * s.examples();
      loss += sign * s.loss() * s.examples();
      targets += sign * s.targets();
      squares += sign * s.squares();
    }

    void fade(double factor) {
      records *= factor;
      right *= factor;
      loss *= factor;
      targets *= factor;
      squares *= factor;
    }

    double accuracy(int outputs) {
      if (outputs == 0) {
        return right / records;
      }
      double values = records * outputs;
      double spread = squares - targets * targets / values;
      return spread > 0 ? 1 - loss * outputs / spread : Double.NaN;
    }

    void save(Map<String, String> state, String key) {
      state.put(key + "records", Double.toString(records));
      state.put(key + "right", Double.toString(right));
      state.put(key + "loss", Double.toString(loss));
      state.put(key + "targets", Double.toString(targets));
      state.put(key + "squares", Double.toString(squares));
    }

    void restore(Map<String, String> state, String key) {
      records = number(state, key + "records");
      right = number(state, key + "right");
      loss = number(state, key + "loss");
      targets = number(state, key + "targets");
      squares = number(state, key + "squares");
    }

    private static double number(Map<String, String> state, String key) {
      return Double.parseDouble(state.getOrDefault(key, "0"));
    }
  }
}
