package io.dlion.data;

import io.dlion.data.file.LeftOut;
import java.util.List;

/**
 * How a reader found the examples.
 *
 * @param format of the files, such as "IDX"
 * @param leftOut what lies there and is not used
 * @param notes what else a user should know, each without a full stop
 */
public record Source(String format, List<LeftOut> leftOut, List<String> notes) {
  /** Copies the lists. */
  public Source {
    leftOut = List.copyOf(leftOut);
    notes = List.copyOf(notes);
  }

  /** A format of which everything is used. */
  public static Source of(String format) {
    return new Source(format, List.of(), List.of());
  }
}
