package io.dlion.stream;

/** A record is not fit to learn from. The run goes on without it. */
public final class RejectedRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Records rejected for the same reason have the same kind; each kind is noticed once. */
  private final String kind;

  /** Kind of a file that another one must come to, as labels to images. */
  public static final String INCOMPLETE = "incomplete";

  /** A reason for people, which is its own kind. */
  public RejectedRecordException(String reason) {
    this(reason, reason);
  }

  /**
   * A reason with a kind.
   *
   * @param reason for people: expected, found, where, what to do
   * @param kind the reason without what differs between records: {@code label:zebra}
   */
  public RejectedRecordException(String reason, String kind) {
    super(reason);
    this.kind = kind;
  }

  /** The reason for people. */
  public String reason() {
    return String.valueOf(getMessage());
  }

  /** Whether another file must come first. */
  boolean isIncomplete() {
    return kind.equals(INCOMPLETE);
  }

  /** What it has in common with records that are rejected for the same reason. */
  public String kind() {
    return kind;
  }
}
