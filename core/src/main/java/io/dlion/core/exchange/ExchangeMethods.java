package io.dlion.core.exchange;

import io.dlion.core.settings.Settings;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The methods of exchange by the word that chooses them in {@code exchange.method}. */
public final class ExchangeMethods {
  private static final Map<String, Function<Settings, ExchangeRule>> ALL =
      Map.of(
          "max-n", PartialGradients.Rule::of,
          "significant", SignificantUpdates.Rule::of,
          "blocks", GradientBlocks.Rule::of,
          "chunks", LargestOfChunks.Rule::of,
          "full", WholeGradients.Rule::of,
          "none", NoExchange.Rule::of);

  private ExchangeMethods() {}

  /** The method that settings choose, with its parameters. */
  public static ExchangeRule of(Settings settings) {
    return Objects.requireNonNull(ALL.get(settings.text("exchange.method"))).apply(settings);
  }
}
