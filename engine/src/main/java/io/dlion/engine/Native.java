package io.dlion.engine;

import io.dlion.core.UserError;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * Loads libtorch once per process and sets what is the same for all learners. Thread safe.
 *
 * <p>Five things that JavaCPP and libtorch do not do by themselves:
 *
 * <ul>
 *   <li>JavaCPP unpacks and opens one library after the other, {@code libtorch} before {@code
 *       libtorch_cpu}, which the first one needs. On a machine that has another libtorch in a
 *       system folder (Debian's {@code python3-torch}) the first start would open that one, and
 *       crash; so {@code libtorch_cpu} is unpacked first.
 *   <li>OpenBLAS has threads of its own, which libtorch's settings do not reach and which would
 *       compete with it for the cores; it gets one, in all learners.
 *   <li>JavaCPP measures the process's memory at every allocation and fails above twice the Java
 *       heap's limit, which says nothing about tensors; that check is turned off.
 *   <li>oneDNN must know the processor's caches: see {@link OneDnn}.
 *   <li>Memory of tensors goes back to the kernel and comes again in every step: see {@link
 *       Malloc}.
 * </ul>
 */
final class Native {
  private Native() {}

  /** Runs once, when the class is initialised: the JVM's own lock makes others wait. */
  private static final class Loaded {
    private static final Optional<UserError> FAILURE = load();
  }

  /**
   * Makes sure that libtorch is there.
   *
   * @throws UserError where it cannot be loaded on this platform
   */
  static void ensureLoaded() {
    if (Loaded.FAILURE.isPresent()) {
      UserError failure = Loaded.FAILURE.get();
      throw new UserError(String.valueOf(failure.getMessage()), failure);
    }
  }

  private static Optional<UserError> load() {
    setUnlessGiven("org.bytedeco.javacpp.maxBytes", "0");
    setUnlessGiven("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    try {
      Malloc.keepFreed();
      unpackTorchCpu();
      Loader.load(openblas_nolapack.class);
      Loader.load(torch.class);
      capOpenBlas();
      OneDnn.avoidUnknownCaches();
      return Optional.empty();
    } catch (LinkageError | IOException e) {
      return Optional.of(unavailable(e));
    }
  }

  private static void setUnlessGiven(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }

  private static void unpackTorchCpu() throws IOException {
    String library = System.mapLibraryName("torch_cpu");
    String resource = "/org/bytedeco/pytorch/" + Loader.getPlatform() + "/" + library;
    if (torch.class.getResource(resource) == null) {
      throw new IOException("no " + resource.substring(1) + " on the class path");
    }
    Loader.cacheResource(torch.class, resource);
  }

  @SuppressWarnings("restricted") // void openblas_set_num_threads(int)
  private static void capOpenBlas() {
    var setThreads = SymbolLookup.loaderLookup().find("openblas_set_num_threads");
    if (setThreads.isEmpty()) {
      return; // a build on another BLAS
    }
    try {
      Linker.nativeLinker()
          .downcallHandle(setThreads.get(), FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT))
          .invokeExact(1);
    } catch (Throwable e) {
      throw new IllegalStateException("openblas_set_num_threads", e);
    }
  }

  private static UserError unavailable(Throwable cause) {
    String platform = Loader.getPlatform();
    Optional<String> lacking = Messages.systemLacks(cause);
    if (lacking.isPresent()) {
      return new UserError(
          "libtorch cannot be loaded: this system has "
              + lacking.get()
              + "; it needs glibc 2.35, libstdc++ and libgcc of GCC 12 or later (Debian 12 or Ubuntu"
              + " 22.04: apt install libstdc++6 libgcc-s1)",
          cause);
    }
    return new UserError(
        "libtorch cannot be loaded on "
            + platform
            + " ("
            + Messages.firstLine(cause)
            + "): expected org.bytedeco:pytorch, openblas and javacpp with classifier "
            + platform
            + " on the class path; build with -Djavacpp.platform="
            + platform,
        cause);
  }
}
