package io.dlion.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class MallocTest {
  private static final Path STAT = Path.of("/proc/thread-self/stat");
  private static final int MINOR_FAULTS = 7; // place behind the name, counted from 0

  /** Pages that the kernel had to clear for this thread. */
  private static long minorFaults() throws IOException {
    String stat = Files.readString(STAT);
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[MINOR_FAULTS]);
  }

  /** Two learners of a process, which the C library gives a heap each. */
  @Test
  void tensorsOfAStepLieWhereThoseOfTheStepBeforeDid() throws Exception {
    assumeTrue(Files.exists(STAT), "counts page faults as Linux tells them");
    assumeTrue(
        System.getenv().keySet().stream().noneMatch(name -> name.startsWith("MALLOC_")),
        "nobody has set what this would");
    var examples = new RandomExamples(Training.images(1, 28), 256, 1);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Long> one = threads.submit(() -> faultsOfThirtyRounds(examples));
      Future<Long> other = threads.submit(() -> faultsOfThirtyRounds(examples));
      // About 1,000; where every step gets new pages, more than 100,000.
      assertThat(one.get() + other.get()).isLessThan(20_000);
    }
  }

  private static long faultsOfThirtyRounds(Examples examples) throws IOException {
    int[] rows = new int[16];
    try (Learner learner = ModelSpec.builtIn("cnn", examples.shape()).learner(1, 1)) {
      long before = 0;
      for (int i = 0; i < 40; i++) {
        before = i == 10 ? minorFaults() : before; // the first ones fill the heap
        var _ = learner.gradient(examples, rows, 4 + 3 * (i % 5), i);
        var _ = learner.evaluate(examples);
      }
      return minorFaults() - before;
    }
  }
}
