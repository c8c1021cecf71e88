package io.dlion.emulator.yaml;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.ReaderException;

/** Opens YAML files. */
public final class YamlFile {
  /** A file larger than this is something else given by mistake. */
  static final long MAX_BYTES = 1 << 20;

  private YamlFile() {}

  /**
   * What stands in a file.
   *
   * @throws UserError where there is no such file, or it is not YAML
   */
  public static Value read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new UserError(file + ": no such file");
    }
    if (Files.isDirectory(file)) {
      throw new UserError(file + ": expected a YAML file, found a folder");
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new UserError(
          file + ": expected a YAML file of at most 1 MiB, found " + Files.size(file) + " bytes");
    }
    return parse(file.toString(), decoded(file, Files.readAllBytes(file)));
  }

  private static String decoded(Path file, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UserError(file + ": expected YAML in UTF-8, found other bytes", e);
    }
  }

  /** What stands in a text; {@code file} is what errors call it. */
  public static Value parse(String file, String text) {
    LoaderOptions options = new LoaderOptions();
    options.setProcessComments(false);
    try {
      Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
      if (root == null) {
        throw new UserError(file + ": expected keys and values, found an empty file");
      }
      return new Value(file, "", root);
    } catch (MarkedYAMLException e) {
      throw new UserError(at(file, e.getProblemMark()) + "not valid YAML: " + e.getProblem(), e);
    } catch (ReaderException e) {
      String before = text.substring(0, Math.min(e.getPosition(), text.length()));
      long line = 1 + before.chars().filter(c -> c == '\n').count();
      String character = Phrase.of("U+%04X", e.getCodePoint());
      throw new UserError(file + ":" + line + ": not valid YAML: character " + character, e);
    } catch (YAMLException e) {
      throw new UserError(file + ": not valid YAML: " + e.getMessage(), e);
    }
  }

  private static String at(String file, @Nullable Mark mark) {
    return mark == null
        ? file + ": "
        : file + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1) + ": ";
  }
}
