package io.dlion.cli.calibrate;

import io.dlion.core.batching.Cost;
import io.dlion.core.batching.StepTimes;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measured times of gradients beside the line {@code alpha + beta · b} that fits their medians, as
 * {@link StepTimes} fits a worker's profile of itself.
 *
 * @param sizes batch sizes, in samples
 * @param medians median seconds of a gradient of each size
 * @param cost the line
 */
public record StepCosts(List<Integer> sizes, List<Double> medians, Cost cost) {
  private static final MathContext DIGITS = new MathContext(4);

  /** Copies the lists. */
  public StepCosts {
    sizes = List.copyOf(sizes);
    medians = List.copyOf(medians);
  }

  /** The line through the times that {@link StepClock#time} found. */
  public static StepCosts fit(List<Integer> sizes, List<List<Double>> seconds) {
    StepTimes line = new StepTimes();
    List<Double> medians = new ArrayList<>();
    for (int i = 0; i < sizes.size(); i++) {
      double median = median(seconds.get(i));
      medians.add(median);
      line.profile(sizes.get(i), median);
    }
    line.fit();
    return new StepCosts(sizes, medians, line.cost());
  }

  /** A table, a line for each size. */
  List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add("batch  measured ms    fitted ms");
    for (int i = 0; i < sizes.size(); i++) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%5d %12.3f %12.3f",
              sizes.get(i),
              1e3 * medians.get(i),
              1e3 * cost.seconds(sizes.get(i))));
    }
    return lines;
  }

  /** The block for an environment's file, under the name of the model. */
  List<String> yaml(String model) {
    return List.of(
        "calibration:",
        "  "
            + model
            + ": {alpha-seconds: "
            + number(cost.alphaSeconds())
            + ", beta-seconds: "
            + number(cost.betaSeconds())
            + "}");
  }

  private static String number(double value) {
    return new BigDecimal(value).round(DIGITS).toPlainString();
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
