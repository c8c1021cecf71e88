package io.dlion.emulator.yaml;

import io.dlion.core.UserError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A value in a YAML file, and where it stands. What it should be is for the caller to say; every
 * method throws a {@link UserError} with file, line and subject where it is something else.
 */
public final class Value {
  private static final int MAX_FOUND = 60;
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d{1,30}\\.?\\d{0,30}|\\.\\d{1,30})([eE][+-]?\\d{1,3})?");
  private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,9}");

  private final String file;
  private final String subject;
  private final Node node;

  /**
   * A node of a file.
   *
   * @param subject what it is, {@code workers.cores}; empty for the whole file
   */
  Value(String file, String subject, Node node) {
    this.file = file;
    this.subject = subject;
    this.node = node;
  }

  /** The line it begins on, counted from 1. */
  public int line() {
    return node.getStartMark().getLine() + 1;
  }

  /** Whether it is a list. */
  public boolean isList() {
    return node instanceof SequenceNode;
  }

  /** Whether it is a group of keys and values. */
  public boolean isGroup() {
    return node instanceof MappingNode;
  }

  /** The values of a group, which may have these keys and no others. */
  public Fields fields(String... keys) {
    return new Fields(this, entries(List.of(keys)), List.of(keys));
  }

  /** The values of a group by their keys, whatever these are, in the order of the file. */
  public Map<String, Value> entries() {
    return entries(List.of());
  }

  private Map<String, Value> entries(List<String> keys) {
    if (!(node instanceof MappingNode mapping)) {
      throw expected("keys and values");
    }
    Map<String, Value> values = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      Value key = new Value(file, subject, entry.getKeyNode());
      String name = key.text("a key");
      if (!keys.isEmpty() && !keys.contains(name)) {
        throw key.error("unknown key " + quoted(name) + Fields.hint(name, keys));
      }
      Value value = new Value(file, join(subject, name), entry.getValueNode());
      Value before = values.put(name, value);
      if (before != null) {
        throw key.error(quoted(name) + " is given twice, first on line " + before.line());
      }
    }
    return values;
  }

  /** The elements of a list. */
  public List<Value> list(String expected) {
    if (!(node instanceof SequenceNode sequence)) {
      throw expected(expected);
    }
    List<Node> nodes = sequence.getValue();
    return IntStream.range(0, nodes.size())
        .mapToObj(i -> new Value(file, subject, nodes.get(i)))
        .toList();
  }

  /** A single value, not empty. */
  public String text(String expected) {
    if (!(node instanceof ScalarNode scalar) || found().equals("nothing")) {
      throw expected(expected);
    }
    return scalar.getValue();
  }

  /** A decimal number that satisfies a condition. */
  public double number(String expected, DoublePredicate condition) {
    String text = text(expected);
    if (!DECIMAL.matcher(text).matches() || !condition.test(Double.parseDouble(text))) {
      throw expected(expected);
    }
    return Double.parseDouble(text);
  }

  /** A whole number from one to the other. */
  public int whole(int least, int greatest) {
    String expected = "a whole number from " + least + " to " + greatest;
    String text = text(expected);
    if (!WHOLE.matcher(text).matches()) {
      throw expected(expected);
    }
    int number = Integer.parseInt(text);
    if (number < least || number > greatest) {
      throw expected(expected);
    }
    return number;
  }

  /** true or false. */
  public boolean flag() {
    String text = text("true or false");
    if (!text.equals("true") && !text.equals("false")) {
      throw expected("true or false");
    }
    return text.equals("true");
  }

  /** {@code file.yaml:7: workers.cores: expected a number above 0, found "many"}. */
  public UserError expected(String what) {
    return error("expected " + what + ", found " + found());
  }

  /** {@code file.yaml:7: workers.cores: message}. */
  public UserError error(String message) {
    return new UserError(
        file + ":" + line() + ": " + (subject.isEmpty() ? "" : subject + ": ") + message);
  }

  /** An error that names its subject itself. */
  public UserError wrap(UserError error) {
    return new UserError(file + ":" + line() + ": " + error.getMessage(), error);
  }

  /** What it is, for people. */
  private String found() {
    return switch (node) {
      case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> "nothing";
      case ScalarNode scalar -> quoted(scalar.getValue());
      case MappingNode _ -> "keys and values";
      default -> "a list";
    };
  }

  private static String quoted(String text) {
    if (text.isEmpty()) {
      return "nothing";
    }
    return '"' + (text.length() > MAX_FOUND ? text.substring(0, MAX_FOUND) + "…" : text) + '"';
  }

  private static String join(String subject, String name) {
    return subject.isEmpty() ? name : subject + "." + name;
  }
}
