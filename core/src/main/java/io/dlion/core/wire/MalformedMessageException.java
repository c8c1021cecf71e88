package io.dlion.core.wire;

/**
 * Bytes that are not a valid message. They are counted, reported and dropped; nothing of them is
 * ever applied.
 */
public final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says what was expected and what was found. */
  public MalformedMessageException(String message) {
    super(message);
  }
}
