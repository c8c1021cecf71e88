package io.dlion.cli.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dlion.cli.survey.Surveyed;
import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What a survey has found out besides the environment, for a plan that goes on with it.
 *
 * @param seeds as they were given
 * @param model whose gradients were timed
 * @param parameters of that model
 * @param without who was not measured, and why
 * @param notes what else a person should know of the figures
 */
record SurveyRecord(
    String seeds, String model, long parameters, List<String> without, List<String> notes) {
  private static final ObjectMapper JSON = new ObjectMapper();

  SurveyRecord {
    without = List.copyOf(without);
    notes = List.copyOf(notes);
  }

  static SurveyRecord of(String seeds, Surveyed found) {
    List<String> without = new ArrayList<>();
    found.notAnswering().forEach(who -> without.add(whoAndWhy(who, "did not answer")));
    new TreeMap<>(found.leftOut())
        .forEach((who, why) -> without.add(who + " could not be measured (" + why + ")"));
    return new SurveyRecord(seeds, found.model(), found.parameters(), without, found.notes());
  }

  /** {@code 10.0.0.9:7800: refused} as {@code 10.0.0.9:7800 did not answer (refused)}. */
  private static String whoAndWhy(String who, String what) {
    int end = who.indexOf(": ");
    return end < 0
        ? who + " " + what
        : who.substring(0, end) + " " + what + " (" + who.substring(end + 2) + ")";
  }

  void write(Path file) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("seeds", seeds);
    json.put("model", model);
    json.put("parameters", parameters);
    without.forEach(json.putArray("without")::add);
    notes.forEach(json.putArray("notes")::add);
    Files.writeString(file, json.toPrettyString() + "\n");
  }

  static SurveyRecord read(Path file) throws IOException {
    JsonNode json = JSON.readTree(file.toFile());
    if (!json.path("seeds").isTextual() || !json.path("model").isTextual()) {
      throw new UserError(
          file + ": expected what dlion plan has written of a survey; give another --out");
    }
    return new SurveyRecord(
        json.path("seeds").asText(),
        json.path("model").asText(),
        json.path("parameters").asLong(),
        texts(json.path("without")),
        texts(json.path("notes")));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(one -> texts.add(one.asText()));
    return texts;
  }
}
