package io.dlion.emulator.environment;

import io.dlion.emulator.yaml.Fields;
import io.dlion.emulator.yaml.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code calibration:}, {@code {alpha-seconds: 0.1, beta-seconds: 0.03}}, for all models or
 * under the names of some.
 */
final class CostsReader {
  private static final double SECONDS_MAX = 1e9;

  private CostsReader() {}

  static Costs read(Value block) {
    Map<String, Value> entries = block.entries();
    if (entries.isEmpty() || !entries.values().stream().allMatch(Value::isGroup)) {
      return new Costs(Optional.of(calibration(block)), Map.of());
    }
    Map<String, Calibration> byModel = new HashMap<>();
    entries.forEach((model, its) -> byModel.put(model, calibration(its)));
    return new Costs(Optional.empty(), byModel);
  }

  private static Calibration calibration(Value block) {
    Fields fields = block.fields("alpha-seconds", "beta-seconds", "rest-seconds");
    return new Calibration(
        atLeastZero(fields.get("alpha-seconds")),
        fields
            .get("beta-seconds")
            .number("a number of seconds above 0", s -> s > 0 && s < SECONDS_MAX),
        fields.find("rest-seconds").map(CostsReader::atLeastZero).orElse(0.0));
  }

  private static double atLeastZero(Value value) {
    return value.number("a number of seconds, at least 0", s -> s >= 0 && s < SECONDS_MAX);
  }
}
