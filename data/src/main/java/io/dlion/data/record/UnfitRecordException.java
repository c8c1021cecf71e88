package io.dlion.data.record;

import io.dlion.core.Phrase;
import org.jspecify.annotations.Nullable;

/**
 * A record, or a file, that cannot be learned from. It has no stack trace: on a stream this is
 * nothing exceptional, and there may be many.
 */
public final class UnfitRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The kind of a file that waits for another one: it may become fit later. */
  public static final String INCOMPLETE = "incomplete";

  /** The kind of a file that is there no longer. */
  public static final String VANISHED = "vanished";

  private static final int KIND_LENGTH_MAX = 80;

  private final String kind;

  /**
   * A record that is unfit.
   *
   * @param kind what two records have in common that are unfit for one reason, such as {@code
   *     label:zebra}, so that it need be told only once
   * @param reason what was expected and found
   */
  public UnfitRecordException(String kind, String reason) {
    this(kind, reason, null);
  }

  /** The same, found by way of another. */
  public UnfitRecordException(String kind, String reason, @Nullable Throwable cause) {
    super(reason, cause, false, false);
    this.kind = kind.length() > KIND_LENGTH_MAX ? kind.substring(0, KIND_LENGTH_MAX) : kind;
  }

  /** What records that are unfit for the same reason have in common; at most 80 characters. */
  public String kind() {
    return kind;
  }

  /** What was expected and found. */
  public String reason() {
    return String.valueOf(getMessage());
  }

  /** Whether it may be fit later. */
  public boolean isIncomplete() {
    return kind.equals(INCOMPLETE);
  }

  static UnfitRecordException expected(String kind, String expected, String found) {
    return new UnfitRecordException(kind, Phrase.of("expected %s, found %s", expected, found));
  }
}
