package io.dlion.data.table;

import io.dlion.core.Phrase;
import io.dlion.data.Source;
import io.dlion.data.file.LeftOut;
import io.dlion.data.preprocessing.TablePreprocessing;
import io.dlion.data.schema.Grouping;
import io.dlion.data.schema.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What a user should know of how rows became time series. */
final class SeriesNotes {
  private SeriesNotes() {}

  /** A source with these notes; the same for rows that are an example each. */
  static Source added(Source source, List<Table> tables, TablePreprocessing preprocessing) {
    if (preprocessing.steps() == 0) {
      return source;
    }
    List<Grouping> groupings =
        tables.stream().map(table -> table.grouping(preprocessing.window())).toList();
    List<LeftOut> leftOut = new ArrayList<>(source.leftOut());
    int unused = groupings.stream().mapToInt(Grouping::unusedRows).sum();
    if (unused > 0) {
      leftOut.add(
          new LeftOut(
              unused == 1 ? "the last row" : Phrase.of("%,d rows at the end", unused),
              "fill no window"));
    }
    List<String> notes = new ArrayList<>(source.notes());
    if (preprocessing.window() == 0) {
      notes.addAll(lengths(groupings, preprocessing.steps()));
    }
    return new Source(source.format(), leftOut, notes);
  }

  private static List<String> lengths(List<Grouping> groupings, int steps) {
    int shortest = groupings.stream().mapToInt(Grouping::shortest).min().orElse(steps);
    int longest =
        groupings.stream()
            .mapToInt(g -> g.longest(IntStream.range(0, g.count()).toArray()))
            .max()
            .orElse(steps);
    List<String> notes = new ArrayList<>();
    if (shortest < steps) {
      notes.add(
          Phrase.of(
              "sequences have %,d to %,d rows, zeros stand before those of fewer than %,d",
              shortest, longest, steps));
    }
    if (longest > steps) {
      notes.add(
          Phrase.of("of sequences of more than %,d rows the last %,d are used", steps, steps));
    }
    return notes;
  }
}
