package io.dlion.cluster.survey;

import io.dlion.core.wire.MalformedMessageException;
import java.io.IOException;

/** What answers have in common: they come from other machines, and must be possible. */
final class Facts {
  private Facts() {}

  /** Something that is read, and checks itself. */
  @FunctionalInterface
  interface Read<T> {
    T read() throws IOException, MalformedMessageException;
  }

  static <T> T read(Read<T> read) throws MalformedMessageException {
    try {
      return read.read();
    } catch (IOException e) {
      throw new MalformedMessageException("an answer that is cut off");
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("an answer that cannot be: " + e.getMessage());
    }
  }

  /** Checks that a figure is a number from the least to the most. */
  static void require(String what, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(what + " of " + value);
    }
  }
}
