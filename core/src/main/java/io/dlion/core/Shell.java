package io.dlion.core;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Commands of this program, written so that they can be pasted into a POSIX shell. */
public final class Shell {
  /** Words that mean themselves in every shell. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9_%+:,./@-][A-Za-z0-9_%+:,./@=-]*");

  private static volatile String program = "dlion";

  private Shell() {}

  /** Says how this process was called, if not as {@code dlion}. */
  public static void calledAs(String program) {
    Shell.program = program;
  }

  /**
   * A command as somebody can type it here: it begins as this process was called ({@code ./dlion}
   * in a checkout, {@code dlion} from the path).
   */
  public static String dlion(Object... words) {
    List<String> all = new ArrayList<>(List.of(program));
    Stream.of(words).map(Object::toString).forEach(all::add);
    return all.stream().map(Shell::quoted).collect(Collectors.joining(" "));
  }

  /** The same, of words in a list. */
  public static String dlion(List<String> words) {
    return dlion(words.toArray());
  }

  /** A word that a shell takes for itself: in single quotes if anything in it is special. */
  static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
