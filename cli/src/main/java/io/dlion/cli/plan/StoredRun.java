package io.dlion.cli.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dlion.core.WorkerId;
import io.dlion.monitor.comparison.trace.CurvePoint;
import io.dlion.monitor.comparison.trace.Interval;
import io.dlion.monitor.comparison.trace.LinkTrace;
import io.dlion.monitor.comparison.trace.SeedRun;
import io.dlion.monitor.comparison.trace.ServerTrace;
import io.dlion.monitor.comparison.trace.StreamTrace;
import io.dlion.monitor.run.JsonValues;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** What a plan needs of an emulated run, as JSON: curve, totals, and bytes of links. */
final class StoredRun {
  private static final ObjectMapper JSON = new ObjectMapper();

  private StoredRun() {}

  static ObjectNode toJson(SeedRun run) {
    ObjectNode json = JSON.createObjectNode();
    json.put("seed", run.seed());
    json.put("stoppedBy", run.stoppedBy());
    json.put("seconds", run.seconds());
    totals(json.putObject("totals"), run.totals());
    ArrayNode links = json.putArray("links");
    for (LinkTrace link : run.links()) {
      ObjectNode one = links.addObject();
      one.put("from", link.from().name());
      one.put("to", link.to().name());
      one.put("bytes", link.bytes());
      one.put("busySeconds", link.busySeconds());
      one.put("gradients", link.gradients());
    }
    ArrayNode curve = json.putArray("curve");
    for (CurvePoint p : run.curve()) {
      ArrayNode point = curve.addArray();
      DoubleStream.of(p.seconds(), p.accuracy(), p.worstAccuracy(), p.loss())
          .forEach(v -> point.add(JsonValues.tree(JSON, v)));
      point.add(p.samples()).add(p.bytesSent());
    }
    return json;
  }

  private static void totals(ObjectNode json, SeedRun.Totals totals) {
    JsonValues.put(json, "accuracy", totals.accuracy());
    JsonValues.put(json, "worstAccuracy", totals.worstAccuracy());
    JsonValues.put(json, "accuracyDeviation", totals.accuracyDeviation());
    JsonValues.put(json, "loss", totals.loss());
    json.put("samples", totals.samples());
    json.put("iterations", totals.iterations());
    json.put("bytesSent", totals.bytesSent());
    JsonValues.put(json, "meanStaleness", totals.meanStaleness());
    JsonValues.put(json, "waitShare", totals.waitShare());
    json.put("commits", totals.commits());
  }

  /** The run, without what workers and servers did. */
  static SeedRun of(JsonNode json) {
    JsonNode t = json.path("totals");
    List<LinkTrace> links = new ArrayList<>();
    for (JsonNode one : json.path("links")) {
      links.add(
          new LinkTrace(
              new WorkerId(one.path("from").asText()),
              new WorkerId(one.path("to").asText()),
              one.path("bytes").asLong(),
              one.path("busySeconds").asDouble(),
              one.path("gradients").asLong(),
              Double.NaN,
              Double.NaN,
              List.of()));
    }
    List<CurvePoint> curve = new ArrayList<>();
    for (JsonNode p : json.path("curve")) {
      curve.add(
          new CurvePoint(
              number(p.path(0)),
              number(p.path(1)),
              number(p.path(2)),
              number(p.path(3)),
              p.path(4).asLong(),
              p.path(5).asLong()));
    }
    return new SeedRun(
        json.path("seed").asLong(),
        json.path("stoppedBy").asText(),
        json.path("seconds").asDouble(),
        curve,
        new SeedRun.Totals(
            number(t.path("accuracy")),
            number(t.path("worstAccuracy")),
            number(t.path("accuracyDeviation")),
            number(t.path("loss")),
            t.path("samples").asLong(),
            t.path("iterations").asLong(),
            t.path("bytesSent").asLong(),
            number(t.path("meanStaleness")),
            number(t.path("waitShare")),
            t.path("commits").asLong()),
        new Interval(0, 0),
        List.of(),
        links,
        ServerTrace.NONE,
        StreamTrace.NONE);
  }

  private static double number(JsonNode node) {
    return node.isNumber() ? node.asDouble() : Double.NaN;
  }
}
