package io.dlion.cli.job;

import io.dlion.core.UserError;
import io.dlion.emulator.yaml.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Reads job files: YAML with the keys of {@link JobKey}. Every error names file, line and key. */
public final class JobFile {
  private final String name;
  private final Map<JobKey, List<Item>> items = new EnumMap<>(JobKey.class);
  private final Map<JobKey, Integer> lines = new HashMap<>();

  private JobFile(String name) {
    this.name = name;
  }

  /**
   * Reads a job file.
   *
   * @throws UserError where there is none, or it cannot be understood
   */
  public static Draft read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new UserError(
          "job file " + file + ": is a folder (--data " + file + " trains on what is in it)");
    }
    return parse(file.toString(), YamlText.read(file, "job file " + file));
  }

  /** Reads the text of a job file; {@code name} is what errors call it. */
  static Draft parse(String name, String text) {
    JobFile file = new JobFile(name);
    Node root = YamlText.compose(name, text);
    if (root != null) {
      file.root(root);
    }
    return Draft.of(file.items);
  }

  private void root(Node root) {
    if (!(root instanceof MappingNode mapping)) {
      throw place(root, "").error("expected lines such as \"workers: 3\", found " + found(root));
    }
    for (NodeTuple entry : mapping.getValue()) {
      Node keyNode = entry.getKeyNode();
      String text = key(keyNode);
      JobKey key =
          JobKey.find(text)
              .orElseThrow(() ->
                  place(keyNode, "")
                      .error("unknown key " + Place.quoted(text) + JobKey.hint(text)));
      Integer before = lines.put(key, line(keyNode));
      if (before != null) {
        throw place(keyNode, text).error("given twice, first on line " + before);
      }
      items.put(key, new ValueReader(this, key).read(entry.getValueNode()));
    }
  }

  String key(Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      throw place(node, "").error("expected a key, found " + found(node));
    }
    return scalar.getValue();
  }

  Place place(Node node, String subject) {
    return new Place(name + ":" + line(node), subject);
  }

  static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  /** What a node is, for people. */
  static String found(Node node) {
    return switch (node) {
      case ScalarNode scalar -> Place.quoted(scalar.getValue());
      case MappingNode mapping -> "keys and values";
      default -> "a list";
    };
  }
}
