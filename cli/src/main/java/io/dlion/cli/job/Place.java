package io.dlion.cli.job;

import io.dlion.core.UserError;

/**
 * Where somebody wrote a value, for the beginning of an error.
 *
 * @param where {@code job.yaml:7} or {@code --workers}
 * @param subject what the value is of; empty where {@code where} says it already
 */
record Place(String where, String subject) {
  private static final int MAX_FOUND = 60;

  static Place flag(JobKey key) {
    return new Place("--" + key.key(), "");
  }

  /** The same place, of something more particular. */
  Place of(String what) {
    return new Place(where, subject.isEmpty() ? what : subject + "." + what);
  }

  /** {@code job.yaml:7: workers: expected a whole number, found "three"}. */
  UserError expected(String expected, String found) {
    return error("expected " + expected + ", found " + quoted(found));
  }

  UserError error(String message) {
    return new UserError(this + ": " + message);
  }

  /** An error that names its subject itself. */
  UserError wrap(UserError error) {
    return new UserError(where + ": " + error.getMessage(), error);
  }

  static String quoted(String text) {
    if (text.isEmpty()) {
      return "nothing";
    }
    return '"' + (text.length() > MAX_FOUND ? text.substring(0, MAX_FOUND) + "…" : text) + '"';
  }

  @Override
  public String toString() {
    return subject.isEmpty() ? where : where + ": " + subject;
  }
}
