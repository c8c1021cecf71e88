package io.dlion.monitor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Memory of this process as Linux counts it; elsewhere nobody knows. What libtorch takes is not in
 * the Java heap, so the resident set is what counts. Thread safe.
 */
public final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ResidentMemory() {}

  /** Bytes resident now. */
  public static OptionalLong bytes() {
    return read("VmRSS:");
  }

  /** The most bytes that ever were. */
  public static OptionalLong peakBytes() {
    return read("VmHWM:");
  }

  private static OptionalLong read(String field) {
    if (!Files.isReadable(STATUS)) {
      return OptionalLong.empty();
    }
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", ""))) // "VmRSS: 17 kB"
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
