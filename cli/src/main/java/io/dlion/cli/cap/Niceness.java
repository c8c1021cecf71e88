package io.dlion.cli.cap;

import io.dlion.core.UserError;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Lets other programs go first, or not. On Linux a priority is a thread's, and {@code renice} of a
 * process changes that of its first thread only: here each thread of the process gets it, and those
 * started later inherit it from the thread that starts them.
 */
public final class Niceness {
  private static final Path THREADS = Path.of("/proc/self/task");
  private static final int PRIO_PROCESS = 0; // of sys/resource.h; of one thread where it is given

  private Niceness() {}

  /**
   * Gives all threads of this process that priority.
   *
   * @return why it has no effect, where it has none
   * @throws UserError if that is not permitted
   */
  public static Optional<String> set(int nice) throws IOException {
    Optional<MemorySegment> setpriority = Linker.nativeLinker().defaultLookup().find("setpriority");
    if (setpriority.isEmpty() || !Files.isDirectory(THREADS)) {
      return Optional.of("--nice has no effect on this system: it needs Linux");
    }
    // A thread may start another while it waits for its turn here: until no new one is found.
    Set<Integer> done = new HashSet<>();
    while (done.addAll(set(nice, done, setpriority.get()))) {}
    return Optional.empty();
  }

  private static Set<Integer> set(int nice, Set<Integer> done, MemorySegment setpriority)
      throws IOException {
    Set<Integer> now = new HashSet<>();
    for (int thread : threads()) {
      if (!done.contains(thread)) {
        boolean set = setpriority(setpriority, thread, nice) == 0;
        if (!set && Files.exists(THREADS.resolve(Integer.toString(thread)))) {
          throw new UserError(
              "--nice "
                  + nice
                  + ": not permitted: this process was started with a higher number, which only"
                  + " root may lower; give that number or more, or start it otherwise");
        }
        now.add(thread);
      }
    }
    return now;
  }

  private static List<Integer> threads() throws IOException {
    try (Stream<Path> tasks = Files.list(THREADS)) {
      return tasks.map(task -> Integer.valueOf(task.getFileName().toString())).toList();
    }
  }

  @SuppressWarnings("restricted") // int setpriority(int which, id_t who, int priority)
  private static int setpriority(MemorySegment function, int thread, int nice) {
    try {
      return (int)
          Linker.nativeLinker()
              .downcallHandle(
                  function,
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_INT,
                      ValueLayout.JAVA_INT,
                      ValueLayout.JAVA_INT,
                      ValueLayout.JAVA_INT))
              .invokeExact(PRIO_PROCESS, thread, nice);
    } catch (Throwable e) {
      throw new IllegalStateException("setpriority", e);
    }
  }
}
