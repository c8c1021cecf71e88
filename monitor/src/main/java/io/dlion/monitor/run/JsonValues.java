package io.dlion.monitor.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON has no NaN and no infinity; here they become null. */
public final class JsonValues {
  private static final long BYTES_MAX = 64L << 20;

  private JsonValues() {}

  /** Sets a number, or null where it is not finite. */
  public static void put(ObjectNode json, String key, double value) {
    if (Double.isFinite(value)) {
      json.put(key, value);
    } else {
      json.putNull(key);
    }
  }

  /** A tree of maps, lists and plain values. */
  public static JsonNode tree(ObjectMapper mapper, @Nullable Object value) {
    return switch (value) {
      case null -> NullNode.getInstance();
      case Double d when !Double.isFinite(d) -> NullNode.getInstance();
      case Float f when !Float.isFinite(f) -> NullNode.getInstance();
      case Map<?, ?> map -> {
        ObjectNode json = mapper.createObjectNode();
        map.forEach((k, v) -> json.set(String.valueOf(k), tree(mapper, v)));
        yield json;
      }
      case Iterable<?> list -> {
        ArrayNode json = mapper.createArrayNode();
        list.forEach(v -> json.add(tree(mapper, v)));
        yield json;
      }
      default -> mapper.valueToTree(value);
    };
  }

  /** Reads a file that should hold one JSON object. */
  static JsonNode readObject(ObjectMapper mapper, Path file) throws IOException {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new UserError(file + ": expected the result of a run, found more than 64 MB");
      }
      JsonNode json = mapper.readTree(Files.readAllBytes(file));
      if (json == null || !json.isObject()) {
        throw new UserError(file + ": expected a JSON object");
      }
      return json;
    } catch (JsonProcessingException e) {
      String place = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
      throw new UserError(file + place + ": not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw DiskFailure.cannot("read", file, e);
    }
  }
}
