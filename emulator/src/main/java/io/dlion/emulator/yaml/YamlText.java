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

/**
 * Reads the text of YAML files, and parses it. Every error names the file and, if any, the line.
 */
public final class YamlText {
  /** A file larger than this is something else given by mistake. */
  public static final long BYTES_MAX = 1 << 20;

  private YamlText() {}

  /**
   * The text of a file.
   *
   * @param called what errors call the file
   * @throws UserError where there is no such file, or it cannot be YAML
   */
  public static String read(Path file, String called) throws IOException {
    if (!Files.exists(file)) {
      throw new UserError(called + ": no such file");
    }
    if (Files.isDirectory(file)) {
      throw new UserError(called + ": expected a YAML file, found a folder");
    }
    if (Files.size(file) > BYTES_MAX) {
      throw new UserError(
          called + ": expected a YAML file of at most 1 MiB, found " + Files.size(file) + " bytes");
    }
    byte[] bytes = Files.readAllBytes(file);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UserError(called + ": expected YAML in UTF-8, found other bytes", e);
    }
  }

  /**
   * What stands in a text; null where nothing does.
   *
   * @param called what errors call the file
   * @throws UserError where it is not YAML
   */
  public static @Nullable Node compose(String called, String text) {
    LoaderOptions options = new LoaderOptions();
    options.setProcessComments(false);
    try {
      return new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      throw new UserError(at(called, e.getProblemMark()) + "not valid YAML: " + e.getProblem(), e);
    } catch (ReaderException e) {
      String before = text.substring(0, Math.min(e.getPosition(), text.length()));
      long line = 1 + before.chars().filter(c -> c == '\n').count();
      String character = Phrase.of("U+%04X", e.getCodePoint());
      throw new UserError(called + ":" + line + ": not valid YAML: character " + character, e);
    } catch (YAMLException e) {
      throw new UserError(called + ": not valid YAML: " + e.getMessage(), e);
    }
  }

  private static String at(String called, @Nullable Mark mark) {
    return mark == null
        ? called + ": "
        : called + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1) + ": ";
  }
}
