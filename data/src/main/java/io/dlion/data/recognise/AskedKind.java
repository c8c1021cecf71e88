package io.dlion.data.recognise;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.DataOptions;
import io.dlion.data.csv.Delimiters;
import io.dlion.data.csv.TableLayout;
import io.dlion.data.preprocessing.DataKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kind of data that options ask for. An option that only one kind of data can obey asks for
 * that kind, so that none is ignored.
 *
 * @param kind the kind; empty where any will do
 * @param flags the options that ask for it, as they are written on the command line
 */
record AskedKind(Optional<DataKind> kind, List<String> flags) {
  /** An option that somebody gave, and the kind of data that can obey it. */
  private record Flag(String text, DataKind kind) {}

  static AskedKind of(DataOptions options) {
    List<Flag> flags = flags(options);
    for (Flag flag : flags) {
      Flag first = flags.getFirst();
      if (flag.kind != first.kind) {
        throw new UserError(
            Phrase.of(
                "%s asks for %s, %s for %s: leave one of them out",
                first.text, name(first.kind), flag.text, name(flag.kind)));
      }
    }
    return new AskedKind(
        flags.stream().findFirst().map(Flag::kind), flags.stream().map(Flag::text).toList());
  }

  private static List<Flag> flags(DataOptions options) {
    List<Flag> flags = new ArrayList<>();
    options.kind().ifPresent(kind -> flags.add(new Flag("--kind " + kind.key(), kind)));
    options
        .table()
        .label()
        .ifPresent(label -> flags.add(new Flag("--label " + label, DataKind.TABLE)));
    options
        .table()
        .task()
        .ifPresent(task -> flags.add(new Flag("--task " + task.key(), DataKind.TABLE)));
    options
        .table()
        .header()
        .ifPresent(yes -> flags.add(new Flag("--header " + (yes ? "yes" : "no"), DataKind.TABLE)));
    options
        .table()
        .delimiter()
        .ifPresent(delimiter ->
            flags.add(new Flag("--delimiter " + Delimiters.name(delimiter), DataKind.TABLE)));
    options
        .table()
        .decimal()
        .ifPresent(mark ->
            flags.add(new Flag("--decimal " + TableLayout.decimalName(mark), DataKind.TABLE)));
    options
        .table()
        .window()
        .ifPresent(rows -> flags.add(new Flag("--window " + rows, DataKind.TABLE)));
    options
        .table()
        .sequenceBy()
        .ifPresent(column -> flags.add(new Flag("--sequence-by " + column, DataKind.TABLE)));
    options
        .imageSize()
        .ifPresent(size -> flags.add(new Flag("--image-size " + size, DataKind.IMAGES)));
    options
        .sequenceLength()
        .ifPresent(length -> flags.add(new Flag("--sequence-length " + length, DataKind.TEXT)));
    return flags;
  }

  /** Whether data of this kind will do. */
  boolean allows(DataKind wanted) {
    return kind.isEmpty() || kind.get() == wanted;
  }

  /** Whether this kind is what was asked for. */
  boolean is(DataKind wanted) {
    return kind.isPresent() && kind.get() == wanted;
  }

  /**
   * The error for data of another kind.
   *
   * @param found what lies there
   */
  UserError refused(String location, String found) {
    return new UserError(
        Phrase.of(
            "%s: %s %s for %s, found %s; leave %s out, or name other data",
            location,
            String.join(", ", flags),
            flags.size() == 1 ? "asks" : "ask",
            kind.map(AskedKind::name).orElse("nothing"),
            found,
            flags.size() == 1 ? "it" : "them"));
  }

  /** A kind of data, in words. */
  static String name(DataKind kind) {
    return switch (kind) {
      case TABLE -> "a table";
      case TEXT -> "a text";
      case IMAGES -> "images";
    };
  }

  /** The options that say how the file of a table is to be read. */
  static List<String> ofTables(DataOptions options) {
    return flags(options).stream()
        .filter(flag -> flag.kind == DataKind.TABLE && !flag.text.startsWith("--kind"))
        .map(Flag::text)
        .toList();
  }
}
