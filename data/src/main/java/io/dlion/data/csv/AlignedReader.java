package io.dlion.data.csv;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * Passes text on with every run of spaces and tabs as one space, and none at the ends of lines, so
 * that columns aligned with spaces can be read as if one space stood between them. Text in double
 * quotes stays as it is. Confined to one thread.
 */
final class AlignedReader extends FilterReader {
  private boolean quoted;
  private boolean lineBegins = true;

  /** A character that was read and comes after a space that stands for a run. */
  private int held = NONE;

  private static final int NONE = -2;

  AlignedReader(Reader in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    if (held != NONE) {
      int c = held;
      held = NONE;
      return passed(c);
    }
    int c = in.read();
    if (quoted || !isBlank(c)) {
      return passed(c);
    }
    while (isBlank(c)) {
      c = in.read();
    }
    if (lineBegins || c == '\n' || c == '\r' || c < 0) {
      return passed(c);
    }
    held = c;
    return ' ';
  }

  private int passed(int c) {
    quoted ^= c == '"';
    lineBegins = !quoted && (c == '\n' || c == '\r');
    return c;
  }

  private static boolean isBlank(int c) {
    return c == ' ' || c == '\t';
  }

  @Override
  public int read(char[] to, int offset, int length) throws IOException {
    int count = 0;
    while (count < length) {
      int c = read();
      if (c < 0) {
        return count == 0 ? -1 : count;
      }
      to[offset + count++] = (char) c;
    }
    return count;
  }
}
