package io.dlion.cli.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dlion.cli.console.Version;
import io.dlion.monitor.comparison.PresetSummary;
import io.dlion.monitor.run.JsonValues;

/**
 * A plan for programs. What is not known is null, and so is the time to a target that not every run
 * reached. Times are virtual seconds; the interval is half the width of the 95 % interval. A run
 * ends at the target, or after the budget: accuracy is that at its end, bytes are those until then,
 * and what is per second is over that time.
 *
 * <p>Fields: version, command, sites (origin, environment, silent), data, model, target,
 * budgetSeconds, costPerGb, reached, verdict, reasons, recommended (name, preset, settings),
 * methods (name, preset, tuned, secondsToTarget, secondsToTargetInterval, reached, runs, diverged,
 * accuracy, accuracyInterval, samplesPerSecond, bytes, bytesPerSecond), links (from, to,
 * betweenSites, mbit, bytesPerSecond, bytesUntilTarget, bytesPerDay, pricePerDay), whatIf (what,
 * verdict, secondsToTarget, secondsSooner, secondsSoonerInterval, accuracy, samplesPerSecond),
 * notes.
 */
final class PlanJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PlanJson() {}

  static String of(Plan plan) {
    PlanRequest request = plan.request();
    ObjectNode json = JSON.createObjectNode();
    json.put("version", Version.current().toString());
    json.put("command", request.command());
    ObjectNode sites = json.putObject("sites");
    sites.put("origin", request.sites().origin());
    sites.put("environment", plan.where().name());
    request.sites().silent().forEach(sites.putArray("silent")::add);
    json.put("data", plan.problem().data().name());
    json.put("fingerprint", plan.problem().data().fingerprint());
    json.put("model", plan.problem().model().name());
    json.put("target", request.target());
    json.put("budgetSeconds", request.budgetSeconds());
    JsonValues.put(json, "costPerGb", request.costPerGb().orElse(Double.NaN));
    json.put("reached", plan.decision().reached());
    json.put("verdict", PlanNotes.verdict(plan));
    plan.reasons().forEach(json.putArray("reasons")::add);
    ObjectNode recommended = json.putObject("recommended");
    recommended.put("name", plan.chosen().name());
    recommended.put("preset", plan.method().preset());
    recommended.set("settings", JsonValues.tree(JSON, plan.method().settings().asMap()));
    ArrayNode methods = json.putArray("methods");
    plan.summary().presets().forEach(method -> method(methods.addObject(), plan, method));
    ArrayNode links = json.putArray("links");
    plan.traffic().forEach(traffic -> link(links.addObject(), plan, traffic));
    ArrayNode gains = json.putArray("whatIf");
    plan.gains().forEach(gain -> gain(gains.addObject(), gain));
    PlanNotes.basis(plan).forEach(json.putArray("notes")::add);
    return json.toPrettyString() + "\n";
  }

  private static void method(ObjectNode json, Plan plan, PresetSummary method) {
    Contender contender = plan.contender(method.preset());
    json.put("name", method.preset());
    json.put("preset", contender.method().preset());
    json.set("tuned", JsonValues.tree(JSON, contender.found()));
    time(json, method);
    json.put("reached", method.reached());
    json.put("runs", method.seeds());
    json.put("diverged", method.diverged());
    JsonValues.put(json, "accuracy", method.accuracy().mean());
    JsonValues.put(json, "accuracyInterval", method.accuracy().halfWidth());
    JsonValues.put(json, "samplesPerSecond", method.samplesPerSecond());
    JsonValues.put(json, "bytes", method.bytesSent());
    JsonValues.put(
        json,
        "bytesPerSecond",
        Traffic.allBytesPerSecond(Traffic.of(plan.where(), plan.runs(method))));
  }

  private static void time(ObjectNode json, PresetSummary method) {
    JsonValues.put(json, "secondsToTarget", method.secondsToTarget().mean());
    JsonValues.put(json, "secondsToTargetInterval", method.secondsToTarget().halfWidth());
  }

  private static void link(ObjectNode json, Plan plan, Traffic traffic) {
    json.put("from", traffic.from().name());
    json.put("to", traffic.to().name());
    json.put("betweenSites", traffic.wan());
    JsonValues.put(json, "mbit", traffic.mbit());
    JsonValues.put(json, "bytesPerSecond", traffic.bytesPerSecond());
    JsonValues.put(
        json, "bytesUntilTarget", plan.decision().reached() ? traffic.bytes() : Double.NaN);
    JsonValues.put(json, "bytesPerDay", traffic.bytesPerDay());
    JsonValues.put(
        json,
        "pricePerDay",
        traffic.wan() ? plan.price(traffic.bytesPerDay()).orElse(Double.NaN) : 0);
  }

  private static void gain(ObjectNode json, Gain gain) {
    json.put("what", gain.upgrade().title());
    json.put("verdict", gain.verdict());
    time(json, gain.then());
    JsonValues.put(json, "secondsSooner", gain.sooner().mean());
    JsonValues.put(json, "secondsSoonerInterval", gain.sooner().halfWidth());
    JsonValues.put(json, "accuracy", gain.then().accuracy().mean());
    JsonValues.put(json, "samplesPerSecond", gain.then().samplesPerSecond());
  }
}
