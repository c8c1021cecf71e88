package io.dlion.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.pytorch.global.torch;

/**
 * Keeps libtorch from crashing where the sizes of the processor's caches are unknown, as in some
 * virtual machines: there oneDNN, its library of convolutions, divides by zero in those of 1×1 and
 * reads address 0 in others, now and then ({@code brgemm_convolution} of oneDNN 3.7). Without
 * oneDNN and NNPACK, which cannot work there either, training {@code cnn} takes 8 % longer.
 */
final class OneDnn {
  private OneDnn() {}

  /** Turns it off for the whole process where that is needed. libtorch must be loaded. */
  static void avoidUnknownCaches() {
    if (cachesAreUnknown(Path.of("/sys/devices/system/cpu/cpu0"))) {
      torch.globalContext().setUserEnabledMkldnn(false);
      torch.globalContext().setUserEnabledNNPACK(false);
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
}
