package io.dlion.emulator.check;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What is drawn of a run with a server besides its workers and links: settings such that commits,
 * searches and checkpoints come often, who has no data, and when the run is over. What the method
 * that is checked sets itself stays as it is.
 */
final class DrawnServer {
  private final SplittableRandom random;
  private final Variant variant;
  private final Map<String, String> drawn = new HashMap<>();

  private DrawnServer(SplittableRandom random, Variant variant) {
    this.random = random;
    this.variant = variant;
  }

  /** Draws settings. */
  static Settings settings(SplittableRandom random, Variant variant, List<WorkerId> workers) {
    DrawnServer drawn = new DrawnServer(random, variant);
    drawn.draw(workers);
    drawn.drawn.keySet().removeAll(variant.changes().keySet());
    return variant.settings().with(drawn.drawn);
  }

  private void draw(List<WorkerId> workers) {
    put("optimizer.learning-rate", "0.03");
    put("batching.initial", any("8", "8", "auto"));
    put("batching.profile-steps", "1");
    put("checkpoint.every", any("0.1", "0.1", "100"));
    put("optimizer.momentum", any("0", "0", "0.5"));
    if (variant.settings().is("batching.local", "fixed")) {
      put("batching.local", any("fixed", "fixed", "fixed", "adaptive"));
    }
    put("server.codec", any("fp32", "fp32", "bf16", "int8"));
    put("server.trains", any("true", "true", "false"));
    put("commit.overlap", any("off", "on"));
    put("commit.weight", any("1", "1", "0.5", "1.5"));
    put("server.name", any("auto", workers.get(random.nextInt(workers.size())).name()));
    Settings preset = variant.settings();
    switch (preset.text("server.method")) {
      case "staleness" -> {
        if (preset.integer("server.staleness") > 0) {
          put("server.staleness", Integer.toString(1 + random.nextInt(5)));
        }
        if (preset.integer("commit.steps") > 1) {
          put("commit.steps", Integer.toString(2 + random.nextInt(4)));
        }
      }
      case "adacomm" -> {
        put("commit.trial", seconds(0.2, 1.5));
        put("commit.period", seconds(0.5, 3));
      }
      default -> adsp();
    }
  }

  private void adsp() {
    put("adsp.period", seconds(0.3, 3));
    put("adsp.commit-min", any("auto", "0", seconds(0.02, 0.3)));
    put("adsp.commits", any("search", "search", Integer.toString(1 + random.nextInt(6))));
    put("adsp.probe", any("auto", seconds(0.3, 2)));
    put("adsp.epoch", seconds(2, 8));
    put("adsp.target-loss", any("auto", "0.02"));
    put("adsp.loss-rise", any("0.3", "0.01"));
  }

  private void put(String key, String value) {
    drawn.put(key, value);
  }

  private String any(String... values) {
    return values[random.nextInt(values.length)];
  }

  private String seconds(double least, double most) {
    return Phrase.of("%.2f", least + random.nextDouble() * (most - least));
  }

  /** One member in some of the runs, never of two only. */
  static Optional<WorkerId> withoutData(SplittableRandom random, List<WorkerId> workers) {
    List<WorkerId> some = new ArrayList<>(workers);
    WorkerId one = some.get(random.nextInt(some.size()));
    return random.nextInt(4) == 0 && some.size() > 2 ? Optional.of(one) : Optional.empty();
  }

  /**
   * When the run is over: in some of the runs after so many samples of all clients, in some after a
   * time, else at its end only.
   *
   * @param samplesPerSecond of all, where nobody waits
   */
  static Goal goal(SplittableRandom random, double samplesPerSecond) {
    double seconds = 4 + random.nextDouble() * 30;
    return switch (random.nextInt(8)) {
      case 0, 1 -> new Goal(Math.round(seconds * samplesPerSecond / 2), Long.MAX_VALUE, 2);
      case 2 -> new Goal(Long.MAX_VALUE, Math.round((4 + seconds / 2) * 1e9), 2);
      default -> Goal.NONE;
    };
  }
}
