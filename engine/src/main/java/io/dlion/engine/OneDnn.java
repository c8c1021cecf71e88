package io.dlion.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps oneDNN, libtorch's library of convolutions, from dividing by a cache size of zero. Some
 * virtual machines do not tell the sizes of the processor's caches. There, its code for AVX2 and
 * AVX-512 ends the process with SIGFPE at a convolution of 1×1 ({@code brg_blocking_t::est_eff_1x1}
 * of oneDNN 3.7). It is kept to SSE4.1, unless the user has set {@code ONEDNN_MAX_CPU_ISA}.
 */
final class OneDnn {
  private static final String VARIABLE = "ONEDNN_MAX_CPU_ISA";

  private OneDnn() {}

  /** Sets the limit where it is needed; before oneDNN is first used. */
  static void avoidUnknownCaches() {
    if (System.getenv(VARIABLE) == null
        && cachesAreUnknown(Path.of("/sys/devices/system/cpu/cpu0"))) {
      Linker.nativeLinker().defaultLookup().find("setenv").ifPresent(OneDnn::limit);
    }
  }

  /**
   * Whether Linux knows nothing of a processor's caches.
   *
   * @param cpu its folder in {@code /sys}
   */
  static boolean cachesAreUnknown(Path cpu) {
    return Files.isDirectory(cpu) && !Files.isDirectory(cpu.resolve("cache"));
  }

  @SuppressWarnings("restricted") // int setenv(const char *, const char *, int)
  private static void limit(MemorySegment setenv) {
    try (Arena arena = Arena.ofConfined()) {
      var _ =
          (int)
              Linker.nativeLinker()
                  .downcallHandle(
                      setenv,
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_INT,
                          ValueLayout.ADDRESS,
                          ValueLayout.ADDRESS,
                          ValueLayout.JAVA_INT))
                  .invokeExact(arena.allocateFrom(VARIABLE), arena.allocateFrom("SSE41"), 0);
    } catch (Throwable _) {
      // Then only convolutions of 1×1 are not to be had.
    }
  }
}
