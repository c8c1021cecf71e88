package io.dlion.stream;

import io.dlion.core.UserError;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a stream comes from, as users write it. */
public sealed interface StreamAddress {
  /** All forms, for messages. */
  String FORMS =
      "a folder, kafka://HOST:PORT[,HOST:PORT]/TOPIC, mqtt://HOST:PORT/TOPIC-FILTER or generated:NAME";

  /**
   * A watched folder.
   *
   * @param folder as it was written
   */
  record Folder(Path folder) implements StreamAddress {}

  /**
   * A topic of Apache Kafka.
   *
   * @param address as it was written, without the query
   * @param hosts with ports, as Kafka's {@code bootstrap.servers} takes them
   * @param topic its name
   * @param latest whether a partition without a position is read from its end, not its beginning
   * @param properties file of further settings of Kafka's clients
   */
  record Kafka(
      String address, List<String> hosts, String topic, boolean latest, @Nullable Path properties)
      implements StreamAddress {}

  /**
   * Topics of an MQTT broker.
   *
   * @param address as it was written, without the query
   * @param tls whether the connection is encrypted
   * @param host with port
   * @param filter of topics, with the wildcards {@code +} and {@code #}
   * @param properties file with {@code username} and {@code password}, and settings of TLS
   */
  record Mqtt(String address, boolean tls, String host, String filter, @Nullable Path properties)
      implements StreamAddress {}

  /**
   * A stream that is made up.
   *
   * @param name behind {@code generated:}
   */
  record Made(String name) implements StreamAddress {}

  /** Reads an address. */
  static StreamAddress parse(String text) {
    int scheme = text.indexOf("://");
    if (text.startsWith("generated:")) {
      return new Made(text.substring("generated:".length()));
    }
    if (scheme >= 0) {
      return new Parsing(text).address(text.substring(0, scheme));
    }
    try {
      if (text.isBlank()) {
        throw new UserError("stream: expected " + FORMS + ", found nothing");
      }
      return new Folder(Path.of(text));
    } catch (InvalidPathException e) {
      throw new UserError("stream '" + text + "': expected " + FORMS, e);
    }
  }

  /** One address with a scheme. */
  final class Parsing {
    private static final String KAFKA = "kafka://HOST:PORT[,HOST:PORT]/TOPIC";
    private static final String MQTT = "mqtt://HOST:PORT/TOPIC-FILTER";
    private static final Pattern PARTS =
        Pattern.compile("[a-z]+://(?<hosts>[^/?]*)/?(?<path>[^?]*)(?:\\?(?<query>.*))?");
    private static final Pattern HOST =
        Pattern.compile("(?:\\[[0-9A-Fa-f:.%a-z]+]|[^\\[\\]:@/\\s]+):(?<port>\\d{1,5})");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final int PORT_MAX = 65_535;

    private final String text;

    Parsing(String text) {
      this.text = text;
    }

    StreamAddress address(String scheme) {
      return switch (scheme) {
        case "kafka" -> kafka();
        case "mqtt", "mqtts" -> mqtt(scheme);
        default ->
            throw new UserError(
                "stream '"
                    + text
                    + "': unknown kind of stream '"
                    + scheme
                    + "', expected "
                    + FORMS);
      };
    }

    private UserError malformed(String form, String what) {
      return new UserError("stream '" + text + "': " + what + "; expected " + form);
    }

    private Matcher parts(String form) {
      Matcher parts = PARTS.matcher(text);
      if (!parts.matches()) {
        throw malformed(form, "not an address");
      }
      return parts;
    }

    private Kafka kafka() {
      String form = KAFKA + "[?from=earliest|latest&properties=FILE]";
      Matcher parts = parts(form);
      List<String> hosts = new ArrayList<>();
      for (String host : parts.group("hosts").split(",", -1)) {
        hosts.add(host(host, form));
      }
      String topic = parts.group("path");
      if (!TOPIC.matcher(topic).matches()) {
        throw malformed(form, topic.isEmpty() ? "no topic" : "'" + topic + "' is no topic's name");
      }
      Map<String, String> query = query(parts, form, Set.of("from", "properties"));
      String from = query.getOrDefault("from", "earliest");
      if (!from.equals("earliest") && !from.equals("latest")) {
        throw malformed(form, "from=" + from);
      }
      return new Kafka(
          withoutQuery(), List.copyOf(hosts), topic, from.equals("latest"), properties(query));
    }

    private Mqtt mqtt(String scheme) {
      String form = MQTT + "[?properties=FILE]";
      Matcher parts = parts(form);
      String filter = decoded(parts.group("path"), form);
      if (!isFilter(filter)) {
        throw malformed(
            form,
            filter.isEmpty()
                ? "no topic filter"
                : "'" + filter + "' is no topic filter, as '+' stands for a level and '#' ends it");
      }
      return new Mqtt(
          withoutQuery(),
          scheme.equals("mqtts"),
          host(parts.group("hosts"), form),
          filter,
          properties(query(parts, form, Set.of("properties"))));
    }

    private static boolean isFilter(String filter) {
      String[] levels = filter.split("/", -1);
      boolean sound = !filter.isEmpty() && filter.indexOf('\0') < 0;
      for (int i = 0; i < levels.length; i++) {
        boolean wild = levels[i].contains("+") || levels[i].contains("#");
        boolean alone = levels[i].equals("+") || (levels[i].equals("#") && i + 1 == levels.length);
        sound &= !wild || alone;
      }
      return sound && filter.getBytes(StandardCharsets.UTF_8).length < 1 << 16;
    }

    private String host(String host, String form) {
      Matcher parts = HOST.matcher(host);
      if (!parts.matches()) {
        String hint =
            host.chars().filter(c -> c == ':').count() > 1 && !host.startsWith("[")
                ? " (an IPv6 address stands in brackets)"
                : "";
        throw malformed(form, "'" + host + "' is no HOST:PORT" + hint);
      }
      int port = Integer.parseInt(parts.group("port"));
      if (port < 1 || port > PORT_MAX) {
        throw malformed(form, "port " + port + " is not between 1 and " + PORT_MAX);
      }
      return host;
    }

    private Map<String, String> query(Matcher parts, String form, Set<String> known) {
      Map<String, String> options = new TreeMap<>();
      String query = parts.group("query");
      for (String option : query == null || query.isEmpty() ? new String[0] : query.split("&")) {
        int equals = option.indexOf('=');
        String name = equals < 0 ? option : option.substring(0, equals);
        if (equals < 0 || !known.contains(name)) {
          throw malformed(form, "unknown option '" + option + "'");
        }
        options.put(name, decoded(option.substring(equals + 1), form));
      }
      return options;
    }

    private @Nullable Path properties(Map<String, String> query) {
      String file = query.get("properties");
      return file == null ? null : Path.of(file);
    }

    private String withoutQuery() {
      int query = text.indexOf('?');
      return query < 0 ? text : text.substring(0, query);
    }

    /** Replaces %XX; a + stays one, as it is a wildcard. */
    private String decoded(String part, String form) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      int length = 0;
      for (int i = 0; i < bytes.length; i++, length++) {
        bytes[length] = bytes[i];
        if (bytes[i] == '%') {
          int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
          int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
          if (high < 0 || low < 0) {
            throw malformed(form, "'%' without two digits in '" + part + "'");
          }
          bytes[length] = (byte) (high << 4 | low);
          i += 2;
        }
      }
      return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
  }
}
