package io.dlion.emulator.check.witness;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was found to be wrong, in order of time; the first few things are enough. */
public final class Findings {
  private static final int MOST = 5;

  private final List<String> found = new ArrayList<>();

  /** Something is not as it must be. */
  public void add(Witnessed where, long nowNanos, String what) {
    if (!isFull()) {
      found.add(
          String.format(
              Locale.ROOT,
              "%.6f s, %s, iteration %d: %s",
              nowNanos / 1e9,
              where.id,
              where.iteration,
              what));
    }
  }

  /** Something has thrown what it must not. */
  public void failed(Throwable failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    found.add(failure + (trace.length == 0 ? "" : " at " + trace[0]));
  }

  /** Whether there is no point in looking further. */
  public boolean isFull() {
    return found.size() >= MOST;
  }

  public List<String> all() {
    return List.copyOf(found);
  }
}
