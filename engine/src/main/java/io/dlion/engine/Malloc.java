package io.dlion.engine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Lets the C library keep the memory of tensors that are gone for those to come.
 *
 * <p>libtorch allocates what lies between two layers anew in every step: megabytes, which glibc
 * maps and unmaps each time by its own rules for memory of that size. The kernel then clears every
 * page again, which took a fifth of the processor with {@code cnn}. Other C libraries have no
 * {@code mallopt} and are left as they are. What a user sets in {@code MALLOC_MMAP_THRESHOLD_} or
 * {@code MALLOC_TRIM_THRESHOLD_} counts.
 */
final class Malloc {
  /** Names of malloc.h. */
  private static final int M_TRIM_THRESHOLD = -1;

  private static final int M_MMAP_THRESHOLD = -3;

  /** The most that glibc takes: half of what the heap of a thread can hold. */
  private static final int MAPPED_FROM_BYTES = 32 << 20;

  private static final int TRIMMED_FROM_BYTES = 64 << 20;

  private Malloc() {}

  /** Sets the thresholds, for the whole process. */
  static void keepFreed() {
    Linker.nativeLinker()
        .defaultLookup()
        .find("mallopt")
        .ifPresent(mallopt -> {
          set(mallopt, "MALLOC_MMAP_THRESHOLD_", M_MMAP_THRESHOLD, MAPPED_FROM_BYTES);
          set(mallopt, "MALLOC_TRIM_THRESHOLD_", M_TRIM_THRESHOLD, TRIMMED_FROM_BYTES);
        });
  }

  @SuppressWarnings("restricted") // int mallopt(int, int)
  private static void set(MemorySegment mallopt, String variable, int parameter, int bytes) {
    if (System.getenv(variable) != null) {
      return;
    }
    try {
      var _ =
          (int)
              Linker.nativeLinker()
                  .downcallHandle(
                      mallopt,
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                  .invokeExact(parameter, bytes);
    } catch (Throwable _) {
      // Then every step costs what it did: that is no reason to fail.
    }
  }
}
