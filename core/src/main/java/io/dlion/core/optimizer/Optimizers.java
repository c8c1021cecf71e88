package io.dlion.core.optimizer;

import io.dlion.core.settings.Settings;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The optimizers by the word that chooses them in {@code optimizer.kind}. */
public final class Optimizers {
  private static final Map<String, Function<Settings, OptimizerRule>> ALL =
      Map.of("sgd", Momentum.Rule::of, "adamw", AdamW.Rule::of, "muon", Muon.Rule::of);

  /** What {@code auto} means where nobody has chosen by model and task. */
  private static final String AUTO = "sgd";

  private Optimizers() {}

  /** The optimizer that settings choose, with its parameters. */
  public static OptimizerRule of(Settings settings) {
    String kind = settings.isAuto("optimizer.kind") ? AUTO : settings.text("optimizer.kind");
    return Objects.requireNonNull(ALL.get(kind)).apply(settings);
  }
}
