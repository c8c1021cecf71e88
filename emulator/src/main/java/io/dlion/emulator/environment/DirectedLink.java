package io.dlion.emulator.environment;

import io.dlion.core.WorkerId;

/** The way from one worker to another; the way back is another one. */
public record DirectedLink(WorkerId from, WorkerId to) {
  @Override
  public String toString() {
    return from + ">" + to;
  }
}
