package io.dlion.data;

import io.dlion.data.preprocessing.DataKind;
import io.dlion.data.schema.LabelTask;
import java.util.Optional;

/** Options of which one is given. */
public final class Reading {
  private Reading() {}

  public static DataOptions kind(DataKind kind) {
    return DataOptions.defaults().withKind(kind);
  }

  public static DataOptions task(LabelTask task) {
    return table(Optional.of(task), Optional.empty(), Optional.empty());
  }

  public static DataOptions header(boolean header) {
    return table(Optional.empty(), Optional.of(header), Optional.empty());
  }

  public static DataOptions delimiter(char delimiter) {
    return table(Optional.empty(), Optional.empty(), Optional.of(delimiter));
  }

  public static DataOptions decimal(char mark) {
    return DataOptions.defaults().withDecimal(mark);
  }

  private static DataOptions table(
      Optional<LabelTask> task, Optional<Boolean> header, Optional<Character> delimiter) {
    return DataOptions.defaults()
        .withTable(
            new TableOptions(
                Optional.empty(),
                task,
                header,
                delimiter,
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }
}
