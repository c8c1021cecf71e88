package io.dlion.emulator.yaml;

import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.file.Path;
import org.yaml.snakeyaml.nodes.Node;

/** Opens YAML files. */
public final class YamlFile {
  private YamlFile() {}

  /**
   * What stands in a file.
   *
   * @throws UserError where there is no such file, or it is not YAML
   */
  public static Value read(Path file) throws IOException {
    return parse(file.toString(), YamlText.read(file, file.toString()));
  }

  /** What stands in a text; {@code file} is what errors call it. */
  public static Value parse(String file, String text) {
    Node root = YamlText.compose(file, text);
    if (root == null) {
      throw new UserError(file + ": expected keys and values, found an empty file");
    }
    return new Value(file, "", root);
  }
}
