package io.dlion.cluster.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How long threads wait for a processor, as the kernel counts it: what a step would take on a
 * machine that does nothing else is what it took less that. Asking takes 10 to 50 µs: too long for
 * every step.
 */
final class RunQueue {
  /** Of the thread that reads it: nanoseconds on a processor, waiting for one, time slices. */
  private static final Path OWN = Path.of("/proc/thread-self/schedstat");

  private RunQueue() {}

  /**
   * For how many nanoseconds the calling thread has been ready to run and had no processor since it
   * was started; always 0 where the system does not tell (only Linux does).
   */
  static long waitedNanos() {
    try {
      String[] fields = Files.readString(OWN).strip().split(" ", -1);
      return Long.parseLong(fields[1]);
    } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
      return 0;
    }
  }
}
