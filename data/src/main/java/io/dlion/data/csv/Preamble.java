package io.dlion.data.csv;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in a file before its table: the line with which Excel is told the delimiter ({@code
 * sep=;}), and comments that begin with {@code #}.
 *
 * @param lines how many there are
 * @param delimiter that a line names
 * @param lastComment the text of the last comment, which may name the columns
 * @param comments how many
 */
public record Preamble(
    int lines, Optional<Character> delimiter, Optional<String> lastComment, int comments) {
  private static final Pattern SEP = Pattern.compile("\"?sep=(.)\"?", Pattern.CASE_INSENSITIVE);

  /** Finds the lines before the table in the beginning of a file. */
  public static Preamble of(String beginning) {
    List<String> all = beginning.lines().toList();
    Optional<Character> delimiter = Optional.empty();
    Optional<String> last = Optional.empty();
    int comments = 0;
    int line = 0;
    if (!all.isEmpty()) {
      Matcher sep = SEP.matcher(all.getFirst());
      if (sep.matches()) {
        delimiter = Optional.of(sep.group(1).charAt(0));
        line = 1;
      }
    }
    int table = line;
    while (table < all.size() && (all.get(table).isBlank() || isComment(all.get(table)))) {
      if (isComment(all.get(table))) {
        last = Optional.of(all.get(table).strip().replaceFirst("^#+", "").strip());
        comments++;
        line = table + 1;
      }
      table++;
    }
    return table == all.size() && comments > 0
        ? new Preamble(0, Optional.empty(), Optional.empty(), 0)
        : new Preamble(line, delimiter, last, comments);
  }

  private static boolean isComment(String line) {
    return line.stripLeading().startsWith("#");
  }
}
