package io.dlion.cli.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads what stands behind one key of a job file. */
final class ValueReader {
  /** Deeper nesting than {@code set: {batching: {initial: 16}}} has no meaning anywhere. */
  private static final int MAX_DEPTH = 3;

  private final JobFile file;
  private final JobKey key;
  private final List<Item> items = new ArrayList<>();
  private final Map<String, Integer> lines = new HashMap<>();

  ValueReader(JobFile file, JobKey key) {
    this.file = file;
    this.key = key;
  }

  List<Item> read(Node node) {
    Place place = file.place(node, key.key());
    switch (node) {
      case ScalarNode nothing when isNull(nothing) && key.form() != JobKey.Form.VALUE -> {}
      case ScalarNode scalar -> items.addAll(Draft.split(key, text(scalar), place));
      case SequenceNode list when key.form() == JobKey.Form.LIST ->
          list.getValue().forEach(element -> items.add(element(element)));
      case MappingNode mapping when key.form() == JobKey.Form.MAP -> named(mapping, "", 1);
      default -> throw place.error("expected " + expected() + ", found " + JobFile.found(node));
    }
    return items;
  }

  private String expected() {
    return switch (key.form()) {
      case VALUE -> "one value";
      case LIST -> key == JobKey.SERVER ? "the name of one worker" : "a list such as [5, 3, 2]";
      case MAP -> "keys and values";
    };
  }

  private Item element(Node node) {
    Place place = file.place(node, key.key());
    if (node instanceof ScalarNode scalar) {
      return new Item("", text(scalar), place);
    }
    throw place.error("expected numbers, found " + JobFile.found(node));
  }

  private void named(MappingNode mapping, String prefix, int depth) {
    for (NodeTuple entry : mapping.getValue()) {
      String name = prefix + file.key(entry.getKeyNode());
      Place place = file.place(entry.getKeyNode(), key.key()).of(name);
      switch (entry.getValueNode()) {
        case ScalarNode scalar -> add(name, text(scalar), place, JobFile.line(entry.getKeyNode()));
        case SequenceNode list when key == JobKey.SCHEMA ->
            add(name, joined(list), place, JobFile.line(entry.getKeyNode()));
        case MappingNode inner when key == JobKey.SET && depth < MAX_DEPTH ->
            named(inner, name + ".", depth + 1);
        default ->
            throw place.error("expected one value, found " + JobFile.found(entry.getValueNode()));
      }
    }
  }

  /** {@code [a, b]} as {@code a,b}. */
  private String joined(SequenceNode list) {
    return list.getValue().stream()
        .map(this::element)
        .map(Item::text)
        .collect(Collectors.joining(","));
  }

  private void add(String name, String text, Place place, int line) {
    Integer before = lines.put(name, line);
    if (before != null) {
      throw place.error("given twice, first on line " + before);
    }
    if (text.isEmpty()) {
      throw place.expected("a value", "");
    }
    items.add(new Item(name, text, place));
  }

  /** The text as written; empty for {@code null}, {@code ~} and nothing at all. */
  private static String text(ScalarNode scalar) {
    return isNull(scalar) ? "" : scalar.getValue();
  }

  private static boolean isNull(ScalarNode scalar) {
    return scalar.getTag().equals(Tag.NULL);
  }
}
