package io.dlion.data;

/** Where the examples come from that a model is judged by. */
public enum TestSplit {
  /** The data has a test split. */
  OWN("the data's own test split", ""),
  /** A tenth of the examples, drawn at random. */
  HELD_OUT(
      "no test set found: a tenth is held out, drawn at random",
      "no test set found, 10 % held out"),
  /** The end of a text. */
  LAST_TENTH("the last tenth of the text", "the last 10 % are the test set"),
  /** A tenth of the training examples, in place of the test split. */
  VALIDATION(
      "a tenth of the training examples, drawn at random; the test split is not used",
      "judged by a tenth of the training examples, held out"),
  /** All of it: data that no model learned from. */
  WHOLE("everything, since it has no test split", "it has no test split");

  private final String meaning;
  private final String note;

  TestSplit(String meaning, String note) {
    this.meaning = meaning;
    this.note = note;
  }

  /** In words. */
  public String meaning() {
    return meaning;
  }

  /** What a one-line description adds about it; may be empty. */
  String note() {
    return note;
  }
}
