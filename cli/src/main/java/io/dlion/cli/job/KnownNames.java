package io.dlion.cli.job;

import java.util.ArrayList;
import java.util.List;

/**
 * The names that other modules know and a job may use.
 *
 * @param models built-in models
 * @param generated generated data sets, without {@code generated:}
 */
public record KnownNames(List<String> models, List<String> generated) {
  /** Copies the lists. */
  public KnownNames {
    models = List.copyOf(models);
    generated = List.copyOf(generated);
  }

  /** The same, and one model more. */
  KnownNames withModel(String model) {
    List<String> all = new ArrayList<>(models);
    all.add(model);
    return new KnownNames(all, generated);
  }
}
