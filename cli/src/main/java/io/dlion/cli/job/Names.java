package io.dlion.cli.job;

import java.util.ArrayList;
import java.util.List;

/**
 * The names that other modules know and a job may use.
 *
 * @param models built-in models
 * @param generated generated data sets, without {@code generated:}
 */
public record Names(List<String> models, List<String> generated) {
  /** Copies the lists. */
  public Names {
    models = List.copyOf(models);
    generated = List.copyOf(generated);
  }

  /** The same, and one model more. */
  Names withModel(String model) {
    List<String> all = new ArrayList<>(models);
    all.add(model);
    return new Names(all, generated);
  }
}
