package io.dlion.data.schema;

import io.dlion.core.Phrase;
import io.dlion.data.csv.CsvFile;
import io.dlion.data.field.Missing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers the sequences of one file in the order in which they begin; their rows may be mixed with
 * those of others. All rows of a sequence must have one label.
 */
final class SequenceNumbers {
  private final CsvFile file;
  private final int labelPlace;
  private final int sequencePlace;
  private final int first;
  private final Map<String, Begun> begun = new HashMap<>();

  /** What the first row of a sequence said. */
  private record Begun(int number, long line, double label, String text) {}

  /**
   * No sequences yet.
   *
   * @param places of the schema's columns in the file
   * @param first number
   */
  SequenceNumbers(CsvFile file, CsvSchema schema, int[] places, int first) {
    this.file = file;
    this.labelPlace = places[schema.label()];
    this.sequencePlace =
        schema.sequenceName().map(name -> places[schema.names().indexOf(name)]).orElse(-1);
    this.first = first;
  }

  /** The number of a row's sequence. */
  int of(long line, List<String> fields, double label) {
    String key = fields.get(sequencePlace);
    String text = fields.get(labelPlace);
    if (Missing.is(key)) {
      throw file.error(
          line,
          sequencePlace,
          Phrase.of(
              "expected the sequence that this row belongs to, found %s; fill it in, or remove the"
                  + " row",
              key.isEmpty() ? "an empty field" : "'" + key + "'"));
    }
    Begun known =
        begun.computeIfAbsent(key, _ -> new Begun(first + begun.size(), line, label, text));
    if (known.label != label) {
      throw file.error(
          line,
          labelPlace,
          Phrase.of(
              "expected '%s' as in line %d of the same sequence '%s', found '%s'; a sequence has"
                  + " one label, --window takes a label for each window",
              known.text, known.line, key, text));
    }
    return known.number;
  }

  /** How many there are. */
  int count() {
    return begun.size();
  }
}
