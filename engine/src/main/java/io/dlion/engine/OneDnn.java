package io.dlion.engine;

import io.dlion.core.layout.ParameterLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.pytorch.global.torch;

/**
 * Keeps oneDNN, libtorch's library of convolutions, from dividing by a cache size of zero. Some
 * virtual machines do not tell the sizes of the processor's caches. There, its code for AVX2 and
 * AVX-512 ends the process with SIGFPE at a convolution of 1×1 ({@code est_eff_1x1} of oneDNN 3.7).
 * With a model that has such convolutions libtorch does without oneDNN there, which is slower.
 */
final class OneDnn {
  private static final boolean UNKNOWN_CACHES =
      cachesAreUnknown(Path.of("/sys/devices/system/cpu/cpu0"));

  private OneDnn() {}

  /** Turns oneDNN off for the whole process where this model would crash it. */
  static void prepareFor(ParameterLayout model) {
    if (UNKNOWN_CACHES && hasPointwiseConvolution(model)) {
      torch.globalContext().setUserEnabledMkldnn(false);
    }
  }

  /** Whether a variable is the kernel of a convolution of 1×1. */
  static boolean hasPointwiseConvolution(ParameterLayout model) {
    return model.variables().stream()
        .map(v -> v.shape())
        .anyMatch(shape -> shape.size() == 4 && shape.get(2) == 1 && shape.get(3) == 1);
  }

  /**
   * Whether Linux knows nothing of a processor's caches.
   *
   * @param cpu its folder in {@code /sys}
   */
  static boolean cachesAreUnknown(Path cpu) {
    return Files.isDirectory(cpu) && !Files.isDirectory(cpu.resolve("cache"));
  }
}
