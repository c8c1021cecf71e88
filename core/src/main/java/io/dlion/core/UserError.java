package io.dlion.core;

/**
 * The user's mistake: what was expected, what was found, where, and what to do, in one line. The
 * command line prints the message alone and exits with code 2. A failure that is not the user's (a
 * full disk, say) is another exception.
 */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error whose message is complete by itself. */
  public UserError(String message) {
    super(message);
  }

  /** An error found by way of another; the message must be complete without the cause. */
  public UserError(String message, Throwable cause) {
    super(message, cause);
  }

  /** A failure for people: a user's mistake by its message alone, any other with its type. */
  public static String text(Throwable failure) {
    return failure instanceof UserError ? String.valueOf(failure.getMessage()) : failure.toString();
  }
}
