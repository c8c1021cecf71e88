package io.dlion.data;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.file.ComposedNames;
import io.dlion.data.file.Encoding;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The names of all classes, given beforehand, so that a place whose data lacks some numbers them as
 * all others do.
 */
public final class ClassList {
  /** The file in a data folder that names the classes, one a line. */
  public static final String FILE = "classes.txt";

  /** A longer file is no list of classes. */
  private static final int FILE_BYTES_MAX = 1 << 22;

  private static final int SHOWN_MAX = 12;

  private ClassList() {}

  /**
   * The names in composed form, without blanks around them.
   *
   * @throws UserError where there is only one, one is empty or stands twice, or there are too many
   */
  public static List<String> checked(List<String> names) {
    List<String> classes =
        names.stream().map(name -> ComposedNames.composed(name.strip())).toList();
    if (classes.size() == 1 || classes.size() > Short.MAX_VALUE) {
      throw new UserError(
          Phrase.of(
              "expected the names of 2 to %,d classes, found %,d",
              Short.MAX_VALUE, classes.size()));
    }
    Set<String> seen = new HashSet<>();
    for (String name : classes) {
      if (name.isEmpty()) {
        throw new UserError("expected names of classes, found an empty one");
      }
      if (!seen.add(name)) {
        throw new UserError("expected different classes, found '" + name + "' twice");
      }
    }
    return classes;
  }

  /**
   * Reads the file that names the classes; lines without anything count for nothing.
   *
   * @return none where a folder has no such file
   * @throws UserError where it is no list of different names
   */
  public static List<String> in(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new UserError(
            Phrase.of("expected at most %,d bytes, found %,d", FILE_BYTES_MAX, Files.size(file)));
      }
      List<String> classes = lines(file).stream().filter(name -> !name.isBlank()).toList();
      if (classes.isEmpty()) {
        throw new UserError("expected the names of classes, one a line, found none");
      }
      return checked(classes);
    } catch (CharacterCodingException e) {
      throw Encoding.malformed(file, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (UserError e) {
      throw new UserError(file + ": " + e.getMessage(), e);
    }
  }

  private static List<String> lines(Path file) throws IOException {
    try (Reader reader = Encoding.open(file)) {
      return reader.readAllLines();
    }
  }

  /**
   * The end of an error about a class that was not given: what was given, and what to do.
   *
   * @param leaveOut how data of this class is left out
   */
  public static String advice(List<String> given, String leaveOut) {
    return Phrase.of(
        "and classes names only %s; name it there as well, at every site, or %s",
        shown(given), leaveOut);
  }

  /** For people; the first few where there are many. */
  public static String shown(List<String> classes) {
    int more = classes.size() - SHOWN_MAX;
    return String.join(", ", classes.subList(0, Math.min(classes.size(), SHOWN_MAX)))
        + (more > 0 ? Phrase.of(" and %,d more", more) : "");
  }
}
