package io.dlion.stream;

/** Makes streams up; the generators are elsewhere. */
public interface GeneratedStreams {
  /**
   * Opens a generated stream.
   *
   * @param name behind {@code generated:}
   * @throws io.dlion.core.UserError where there is none of that name
   */
  RecordSource open(String name);
}
