package io.dlion.data.table;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.settings.Nearest;
import io.dlion.data.csv.CsvFile;
import java.util.List;

/** Finds a column that an option names. */
final class NamedColumn {
  private NamedColumn() {}

  /**
   * The place of a column.
   *
   * @param flag the option
   * @param wanted its name, or its number counted from 1
   */
  static int find(CsvFile file, String flag, String wanted) {
    List<String> names = file.names();
    int first = names.indexOf(wanted);
    if (first >= 0 && first != names.lastIndexOf(wanted)) {
      throw new UserError(
          Phrase.of(
              "%s: %s %s: columns %d and %d have that name; rename one of them in the file",
              file.path(), flag, wanted, first + 1, names.lastIndexOf(wanted) + 1));
    }
    if (first >= 0) {
      return first;
    }
    int number = wanted.matches("\\d{1,6}") ? Integer.parseInt(wanted) : 0;
    if (number >= 1 && number <= names.size()) {
      return number - 1;
    }
    throw new UserError(
        Phrase.of(
            "%s: no column '%s' for %s, there are %s%s",
            file.path(),
            wanted,
            flag.equals("--label") ? "the label" : flag,
            String.join(", ", names),
            Nearest.hint(wanted, names)));
  }
}
