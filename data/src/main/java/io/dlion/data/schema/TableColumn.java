package io.dlion.data.schema;

/**
 * A column of a table, for people.
 *
 * @param name from the header, else its number
 * @param type what it holds, such as "number" or "words"
 * @param role what it is used for
 * @param values a range, or some of the words
 */
public record TableColumn(String name, String type, Role role, String values) {
  /** What a column is used for. */
  public enum Role {
    /** A model gets it. */
    FEATURE,
    /** A model is to predict it. */
    LABEL,
    /** Rows with equal values are one sequence. */
    SEQUENCE,
    /** It is not used. */
    LEFT_OUT;

    /** For people. */
    public String text() {
      return switch (this) {
        case FEATURE -> "feature";
        case LABEL -> "label";
        case SEQUENCE -> "sequence";
        case LEFT_OUT -> "left out";
      };
    }
  }
}
