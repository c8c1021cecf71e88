package io.dlion.monitor.comparison;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dlion.monitor.comparison.trace.SeedRun;
import io.dlion.monitor.comparison.trace.WorkerTrace;
import io.dlion.monitor.run.AtomicFile;
import io.dlion.monitor.run.JsonValues;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons as {@code result.json}. With one of them its fields are the file's own; with several,
 * {@code environments} is a list of them. What is not known, did not happen or is not finite is
 * {@code null}, and the time to a target that was not reached above all.
 *
 * <p>Fields: environment, target, budgetSeconds, model, data, best (a preset), notes, presets,
 * ideal (as a preset, or null). Of each preset: preset, settings, seeds, diverged, reached (numbers
 * of seeds), secondsToTarget (mean over seeds, null unless all reached it) with
 * secondsToTargetInterval (half the width of the 95 % interval over seeds), ratioToBestOther,
 * idealShare, accuracy with accuracyInterval, worstAccuracy, accuracyDeviation (over workers),
 * loss, bytesSent, samplesPerSecond, bytesPerSample, meanStaleness, waitShare (over the workers
 * that trained), commits (of all clients together; 0 without a server), and where there is a server
 * its commitTarget, implicitMomentum and searches at the end (means over the seeds that did not
 * diverge); where there are streams prequentialAccuracy, recordsLearned, recordsRejected,
 * recordsShed, freshnessSeconds (p50, p99), driftsMade, driftsRecovered (over all seeds),
 * recoverySeconds (null unless all recovered) and driftsFound; runs (seed, stoppedBy, seconds,
 * secondsToTarget, accuracy, worstAccuracy, samples, iterations, bytesSent, waitShare, commits, the
 * same of a server and of streams, workers with worker, waitShare, commits).
 */
public final class ComparisonResult {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ComparisonResult() {}

  /**
   * Writes the file whole or not at all.
   *
   * @param extra further fields of the file in their order (provenance), made of maps, lists,
   *     texts, numbers, booleans and nulls
   * @throws IOException naming the file
   */
  public static void write(
      Path file, List<ComparisonSummary> summaries, Map<String, @Nullable Object> extra)
      throws IOException {
    AtomicFile.write(file, toJson(summaries, extra));
  }

  static String toJson(List<ComparisonSummary> summaries, Map<String, @Nullable Object> extra) {
    ObjectNode json = JSON.createObjectNode();
    if (summaries.size() == 1) {
      put(json, summaries.getFirst());
    } else {
      ArrayNode all = json.putArray("environments");
      summaries.forEach(s -> put(all.addObject(), s));
    }
    extra.forEach((key, value) -> {
      if (json.has(key)) {
        throw new IllegalArgumentException("extra field '" + key + "' is taken");
      }
      json.set(key, JsonValues.tree(JSON, value));
    });
    return json.toPrettyString() + "\n";
  }

  private static void put(ObjectNode json, ComparisonSummary summary) {
    Comparison c = summary.comparison();
    json.put("environment", c.environment());
    put(json, "target", c.target());
    json.put("budgetSeconds", c.budgetSeconds());
    json.put("model", c.model());
    json.put("data", c.data());
    json.put("best", summary.best().map(PresetSummary::preset).orElse(null));
    json.set("notes", JsonValues.tree(JSON, c.notes()));
    ArrayNode presets = json.putArray("presets");
    for (int i = 0; i < summary.presets().size(); i++) {
      Comparison.PresetRuns runs = c.presets().get(i);
      ObjectNode preset = presets.addObject();
      preset.put("preset", runs.preset());
      preset.set("settings", JsonValues.tree(JSON, runs.settings()));
      put(preset, summary, summary.presets().get(i), runs.runs());
    }
    if (summary.ideal().isPresent()) {
      put(json.putObject("ideal"), summary, summary.ideal().get(), c.ideal());
    } else {
      json.putNull("ideal");
    }
  }

  private static void put(
      ObjectNode json, ComparisonSummary summary, PresetSummary p, List<SeedRun> runs) {
    json.put("seeds", p.seeds());
    json.put("diverged", p.diverged());
    json.put("reached", p.reached());
    JsonValues.put(json, "secondsToTarget", p.secondsToTarget().mean());
    JsonValues.put(json, "secondsToTargetInterval", p.secondsToTarget().halfWidth());
    put(json, "ratioToBestOther", summary.ratioToBestOther(p));
    put(json, "idealShare", summary.idealShare(p));
    JsonValues.put(json, "accuracy", p.accuracy().mean());
    JsonValues.put(json, "accuracyInterval", p.accuracy().halfWidth());
    JsonValues.put(json, "worstAccuracy", p.worstAccuracy().mean());
    JsonValues.put(json, "accuracyDeviation", p.accuracyDeviation());
    JsonValues.put(json, "loss", p.loss());
    JsonValues.put(json, "bytesSent", p.bytesSent());
    JsonValues.put(json, "samplesPerSecond", p.samplesPerSecond());
    JsonValues.put(json, "bytesPerSample", p.bytesPerSample());
    JsonValues.put(json, "meanStaleness", p.meanStaleness());
    JsonValues.put(json, "waitShare", p.waitShare());
    JsonValues.put(json, "commits", p.commits());
    p.server()
        .ifPresent(s -> {
          JsonValues.put(json, "commitTarget", s.commitTarget());
          JsonValues.put(json, "implicitMomentum", s.implicitMomentum());
          JsonValues.put(json, "searches", s.searches());
        });
    p.stream().ifPresent(s -> put(json, s));
    ArrayNode all = json.putArray("runs");
    for (int i = 0; i < runs.size(); i++) {
      put(all.addObject(), runs.get(i), p.secondsBySeed().get(i));
    }
  }

  private static void put(ObjectNode json, StreamSummary s) {
    JsonValues.put(json, "prequentialAccuracy", s.prequential().mean());
    JsonValues.put(json, "recordsLearned", s.learned());
    JsonValues.put(json, "recordsRejected", s.rejected());
    JsonValues.put(json, "recordsShed", s.shed());
    ObjectNode fresh = json.putObject("freshnessSeconds");
    JsonValues.put(fresh, "p50", s.freshnessP50());
    JsonValues.put(fresh, "p99", s.freshnessP99());
    json.put("driftsMade", s.made());
    json.put("driftsRecovered", s.recovered());
    JsonValues.put(json, "recoverySeconds", s.recoverySeconds());
    JsonValues.put(json, "driftsFound", s.found());
  }

  private static void put(ObjectNode json, SeedRun run, OptionalDouble secondsToTarget) {
    json.put("seed", run.seed());
    json.put("stoppedBy", run.stoppedBy());
    json.put("seconds", run.seconds());
    put(json, "secondsToTarget", secondsToTarget);
    JsonValues.put(json, "accuracy", run.totals().accuracy());
    JsonValues.put(json, "worstAccuracy", run.totals().worstAccuracy());
    json.put("samples", run.totals().samples());
    json.put("iterations", run.totals().iterations());
    json.put("bytesSent", run.totals().bytesSent());
    JsonValues.put(json, "waitShare", run.totals().waitShare());
    json.put("commits", run.totals().commits());
    run.server()
        .last()
        .ifPresent(s -> {
          json.put("commitTarget", s.commitTarget());
          JsonValues.put(json, "implicitMomentum", s.implicitMomentum());
          json.put("searches", s.searches());
        });
    StreamSummary.of(List.of(run)).ifPresent(s -> put(json, s));
    ArrayNode workers = json.putArray("workers");
    for (WorkerTrace worker : run.workers()) {
      ObjectNode one = workers.addObject();
      one.put("worker", worker.worker().name());
      JsonValues.put(one, "waitShare", worker.waitShare());
      one.put("commits", worker.commits());
    }
  }

  private static void put(ObjectNode json, String key, OptionalDouble value) {
    JsonValues.put(json, key, value.orElse(Double.NaN));
  }
}
