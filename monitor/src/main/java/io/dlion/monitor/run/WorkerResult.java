package io.dlion.monitor.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dlion.monitor.statistics.ClientSnapshot;
import io.dlion.monitor.statistics.Drifts;
import io.dlion.monitor.statistics.WorkerSnapshot;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of one worker. NaN stands for what is not known, as in {@link RunResult}. Immutable.
 *
 * @param worker its id
 * @param accuracy on the test set
 * @param loss on the test set
 * @param seconds the run took
 * @param samples processed
 * @param iterations ended
 * @param bytesSent to all peers
 * @param samplesPerSecond samples over seconds
 * @param batchSize of its last iteration
 * @param waitShare share of its time that it waited for others; NaN where it trained nothing, and
 *     in files of earlier versions
 * @param commits to a server; 0 where there is none
 * @param stream where it learned from a stream the same fields as of the run, of this worker alone:
 *     prequentialAccuracy, …, drifts; else empty
 */
public record WorkerResult(
    String worker,
    double accuracy,
    double loss,
    double seconds,
    long samples,
    long iterations,
    long bytesSent,
    double samplesPerSecond,
    int batchSize,
    double waitShare,
    long commits,
    Map<String, @Nullable Object> stream) {
  /** Copies the map. */
  public WorkerResult {
    stream = Collections.unmodifiableMap(new LinkedHashMap<>(stream));
  }

  static WorkerResult of(WorkerSnapshot end, double seconds, Drifts drifts) {
    return new WorkerResult(
        end.worker().name(),
        end.accuracy().orElse(Double.NaN),
        end.testLoss().orElse(Double.NaN),
        seconds,
        end.samples(),
        end.iterations(),
        end.bytesSent(),
        end.samples() / seconds,
        end.batchSize(),
        end.waitShare(),
        end.client().map(ClientSnapshot::commits).orElse(0L),
        streamOf(end, drifts));
  }

  private static Map<String, @Nullable Object> streamOf(WorkerSnapshot end, Drifts drifts) {
    Map<String, @Nullable Object> entries = new LinkedHashMap<>();
    end.stream()
        .ifPresent(s ->
            entries.putAll(
                StreamEntries.of(
                    s.figures(),
                    s.figures().site(),
                    drifts.kept().stream().filter(d -> d.worker().equals(end.worker())).toList())));
    return entries;
  }

  void writeTo(ObjectMapper mapper, ObjectNode json) {
    json.put("worker", worker);
    JsonValues.put(json, "accuracy", accuracy);
    JsonValues.put(json, "loss", loss);
    JsonValues.put(json, "seconds", seconds);
    json.put("samples", samples);
    json.put("iterations", iterations);
    json.put("bytesSent", bytesSent);
    JsonValues.put(json, "samplesPerSecond", samplesPerSecond);
    json.put("batchSize", batchSize);
    JsonValues.put(json, "waitShare", waitShare);
    json.put("commits", commits);
    stream.forEach((key, value) -> json.set(key, JsonValues.tree(mapper, value)));
  }

  static WorkerResult read(ObjectMapper mapper, JsonFields fields) {
    WorkerResult known =
        new WorkerResult(
            fields.text("worker"),
            fields.number("accuracy"),
            fields.number("loss"),
            fields.number("seconds"),
            fields.integer("samples"),
            fields.integer("iterations"),
            fields.integer("bytesSent"),
            fields.number("samplesPerSecond"),
            (int) Math.min(Integer.MAX_VALUE, fields.integer("batchSize")),
            fields.has("waitShare") ? fields.number("waitShare") : Double.NaN,
            fields.has("commits") ? fields.integer("commits") : 0,
            Map.of());
    return known.withStream(fields.others(mapper));
  }

  private WorkerResult withStream(Map<String, @Nullable Object> entries) {
    return new WorkerResult(
        worker,
        accuracy,
        loss,
        seconds,
        samples,
        iterations,
        bytesSent,
        samplesPerSecond,
        batchSize,
        waitShare,
        commits,
        entries);
  }
}
