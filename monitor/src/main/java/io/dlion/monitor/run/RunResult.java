package io.dlion.monitor.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dlion.core.UserError;
import io.dlion.core.learn.Evaluation;
import io.dlion.monitor.statistics.RunSnapshot;
import io.dlion.monitor.statistics.ServerSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of a run: {@code result.json}. Numbers nobody knows (no evaluation, a loss that is not
 * finite) are NaN here and {@code null} in the file. Immutable.
 *
 * @param accuracy mean over workers on the test set; with a server that of the run's model
 * @param worstAccuracy of any worker
 * @param loss mean over workers on the test set; with a server that of the run's model
 * @param seconds the run took
 * @param samples processed by all workers
 * @param iterations of all workers together
 * @param bytesSent by all workers
 * @param preset name of the preset
 * @param model name of the model
 * @param seed of the run
 * @param stoppedBy what ended it
 * @param samplesPerSecond samples over seconds
 * @param workers each worker's part
 * @param extra further fields of the file in their order (data, versions, finalModel …), made of
 *     maps, lists, texts, numbers, booleans and nulls; where a preset has a server: server (its
 *     name), and if it is in this process serverVersion, serverCommits, commitTarget (the last),
 *     implicitMomentum, searches; where a worker learned from a stream: prequentialAccuracy,
 *     prequentialWindow, prequentialFading (of the cluster; as this process's workers know it,
 *     weighted by records learned), recordsLearned, recordsHash (hexadecimal; the sum of the
 *     workers'), recordsRejected, recordsShed, recordsTested, freshnessSeconds (p50, p99), drifts
 *     (the first 1,000: seconds, worker, scope)
 */
public record RunResult(
    double accuracy,
    double worstAccuracy,
    double loss,
    double seconds,
    long samples,
    long iterations,
    long bytesSent,
    String preset,
    String model,
    long seed,
    String stoppedBy,
    double samplesPerSecond,
    List<WorkerResult> workers,
    Map<String, @Nullable Object> extra) {
  private static final String SERVER_VERSION = "serverVersion";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Copies lists and maps. */
  public RunResult {
    workers = List.copyOf(workers);
    extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
  }

  /**
   * What the reports of a run do not tell.
   *
   * @param preset name of the preset
   * @param model name of the model
   * @param seed of the run
   * @param stoppedBy what ended it
   * @param seconds the run took, those before it was resumed included, as in the samples
   */
  public record Context(String preset, String model, long seed, String stoppedBy, double seconds) {}

  /** The result of a run as its statistics stand at the end. */
  public static RunResult of(
      RunSnapshot end, Context context, Map<String, @Nullable Object> extra) {
    return new RunResult(
        end.accuracy().orElse(Double.NaN),
        end.worstAccuracy().orElse(Double.NaN),
        end.testLoss().orElse(Double.NaN),
        context.seconds(),
        end.samples(),
        end.iterations(),
        end.bytesSent(),
        context.preset(),
        context.model(),
        context.seed(),
        context.stoppedBy(),
        end.samples() / context.seconds(),
        end.workers().stream()
            .map(w -> WorkerResult.of(w, context.seconds(), end.drifts()))
            .toList(),
        withMore(end, extra));
  }

  private static Map<String, @Nullable Object> withMore(
      RunSnapshot end, Map<String, @Nullable Object> extra) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    end.workers().stream()
        .flatMap(w -> w.client().stream())
        .findFirst()
        .ifPresent(c -> all.put("server", c.server().name()));
    end.server()
        .ifPresent(worker -> {
          ServerSnapshot server = worker.server().orElseThrow();
          all.put("server", worker.worker().name());
          all.put(SERVER_VERSION, server.version());
          all.put("serverCommits", server.commits());
          all.put("commitTarget", server.commitTarget());
          all.put("implicitMomentum", server.implicitMomentum());
          all.put("searches", server.searches());
        });
    end.stream()
        .ifPresent(s ->
            all.putAll(StreamEntries.of(s.figures(), s.figures().cluster(), end.drifts().kept())));
    all.putAll(extra);
    return all;
  }

  /** The same result of a run that is judged by one model, that of its server. */
  public RunResult judgedBy(Evaluation model) {
    return new RunResult(
        model.accuracy(),
        worstAccuracy,
        model.loss(),
        seconds,
        samples,
        iterations,
        bytesSent,
        preset,
        this.model,
        seed,
        stoppedBy,
        samplesPerSecond,
        workers,
        extra);
  }

  /** Whether a worker of this process served and none of them trained. */
  public boolean onlyServed() {
    return iterations == 0 && extra.containsKey(SERVER_VERSION);
  }

  /**
   * Writes the file whole or not at all.
   *
   * @throws IOException naming the file
   */
  public void write(Path file) throws IOException {
    AtomicFile.write(file, toJson());
  }

  /** The file's content. */
  String toJson() {
    ObjectNode json = JSON.createObjectNode();
    JsonValues.put(json, "accuracy", accuracy);
    JsonValues.put(json, "worstAccuracy", worstAccuracy);
    JsonValues.put(json, "loss", loss);
    JsonValues.put(json, "seconds", seconds);
    json.put("samples", samples);
    json.put("iterations", iterations);
    json.put("bytesSent", bytesSent);
    json.put("preset", preset);
    json.put("model", model);
    json.put("seed", seed);
    json.put("stoppedBy", stoppedBy);
    JsonValues.put(json, "samplesPerSecond", samplesPerSecond);
    ArrayNode all = json.putArray("workers");
    workers.forEach(w -> w.writeTo(JSON, all.addObject()));
    extra.forEach((key, value) -> {
      if (json.has(key)) {
        throw new IllegalArgumentException("extra field '" + key + "' is taken");
      }
      json.set(key, JsonValues.tree(JSON, value));
    });
    return json.toPrettyString() + "\n";
  }

  /**
   * Reads a result.
   *
   * @throws UserError naming file and field, if this is not the result of a run
   * @throws IOException if the file cannot be read
   */
  public static RunResult read(Path file) throws IOException {
    JsonNode json = JsonValues.readObject(JSON, file);
    JsonFields fields = new JsonFields(json, file.toString());
    List<WorkerResult> workers = new ArrayList<>();
    for (JsonNode worker : fields.array("workers")) {
      workers.add(
          WorkerResult.read(
              JSON, new JsonFields(worker, file + ": workers[" + workers.size() + "]")));
    }
    RunResult known =
        new RunResult(
            fields.number("accuracy"),
            fields.number("worstAccuracy"),
            fields.number("loss"),
            fields.number("seconds"),
            fields.integer("samples"),
            fields.integer("iterations"),
            fields.integer("bytesSent"),
            fields.text("preset"),
            fields.text("model"),
            fields.integer("seed"),
            fields.text("stoppedBy"),
            fields.number("samplesPerSecond"),
            workers,
            Map.of());
    return known.withExtra(fields.others(JSON));
  }

  private RunResult withExtra(Map<String, @Nullable Object> more) {
    return new RunResult(
        accuracy,
        worstAccuracy,
        loss,
        seconds,
        samples,
        iterations,
        bytesSent,
        preset,
        model,
        seed,
        stoppedBy,
        samplesPerSecond,
        workers,
        more);
  }
}
