package io.dlion.cli.job;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.reader.ReaderException;

/** Reads job files: YAML with the keys of {@link JobKey}. Every error names file, line and key. */
public final class JobFile {
  /** A job file larger than this is something else given by mistake. */
  static final long MAX_BYTES = 1 << 20;

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
    if (!Files.exists(file)) {
      throw new UserError("job file " + file + ": no such file");
    }
    if (Files.isDirectory(file)) {
      throw new UserError(
          "job file " + file + ": is a folder (--data " + file + " trains on what is in it)");
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new UserError(
          "job file "
              + file
              + ": expected a YAML file of at most 1 MiB, found "
              + Files.size(file)
              + " bytes");
    }
    return parse(file.toString(), decoded(file, Files.readAllBytes(file)));
  }

  private static String decoded(Path file, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UserError("job file " + file + ": expected YAML in UTF-8, found other bytes", e);
    }
  }

  /** Reads the text of a job file; {@code name} is what errors call it. */
  static Draft parse(String name, String text) {
    JobFile file = new JobFile(name);
    Node root = file.compose(text);
    if (root != null) {
      file.root(root);
    }
    return Draft.of(file.items);
  }

  private @Nullable Node compose(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setProcessComments(false);
    try {
      return new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      throw new UserError(at(e.getProblemMark()) + "not valid YAML: " + e.getProblem(), e);
    } catch (ReaderException e) {
      String before = text.substring(0, Math.min(e.getPosition(), text.length()));
      long line = 1 + before.chars().filter(c -> c == '\n').count();
      String character = Phrase.of("U+%04X", e.getCodePoint());
      throw new UserError(name + ":" + line + ": not valid YAML: character " + character, e);
    } catch (YAMLException e) {
      throw new UserError(name + ": not valid YAML: " + e.getMessage(), e);
    }
  }

  private String at(@Nullable Mark mark) {
    return mark == null
        ? name + ": "
        : name + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1) + ": ";
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
