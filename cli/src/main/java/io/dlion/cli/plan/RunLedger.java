package io.dlion.cli.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dlion.core.UserError;
import io.dlion.core.settings.Settings;
import io.dlion.monitor.comparison.trace.SeedRun;
import io.dlion.monitor.run.JsonValues;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The runs that are done, a file each. A run is found again only where it had the same sites, all
 * the same settings, seed and time. Thread safe.
 *
 * @param folder that they are in
 */
record RunLedger(RunFolder folder) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WHERE = "where";
  private static final String BUDGET = "budgetSeconds";
  private static final String TARGET = "target";
  private static final String SETTINGS = "settings";
  private static final String RUN = "run";

  /**
   * A run.
   *
   * @param part of the plan that it belongs to: a folder
   * @param where the sites, as a text that tells them from others
   * @param name of the method
   * @param settings all of them
   * @param seed of the run
   * @param budgetSeconds virtual time of it
   * @param target accuracy at which it ends before that
   */
  record Key(
      String part,
      String where,
      String name,
      Settings settings,
      long seed,
      double budgetSeconds,
      double target) {}

  /** What came of a run, if it is done. */
  Optional<SeedRun> find(Key key) throws IOException {
    Path file = file(key);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonNode json = JSON.readTree(file.toFile());
    if (!json.path(RUN).isObject()) {
      throw new UserError(file + ": expected a run of dlion plan; delete the file to run it again");
    }
    boolean same =
        json.path(WHERE).asText().equals(key.where)
            && json.path(BUDGET).asDouble() == key.budgetSeconds
            && json.path(TARGET).asDouble() == key.target
            && json.path(SETTINGS).equals(JsonValues.tree(JSON, key.settings.asMap()))
            && json.path(RUN).path("seed").asLong() == key.seed;
    return same ? Optional.of(StoredRun.of(json.path(RUN))) : Optional.empty();
  }

  /** Keeps what came of a run. */
  void keep(Key key, SeedRun run) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put(WHERE, key.where);
    json.put(BUDGET, key.budgetSeconds);
    json.put(TARGET, key.target);
    json.set(SETTINGS, JsonValues.tree(JSON, key.settings.asMap()));
    json.set(RUN, StoredRun.toJson(run));
    Path file = file(key);
    Files.createDirectories(file.toAbsolutePath().getParent());
    folder.writeAtomically(file, json + "\n");
  }

  private Path file(Key key) {
    return folder
        .path()
        .resolve("runs")
        .resolve(key.part)
        .resolve(key.name + "-seed" + key.seed + ".json");
  }
}
