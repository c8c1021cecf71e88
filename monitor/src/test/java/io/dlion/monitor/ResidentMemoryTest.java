package io.dlion.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ResidentMemoryTest {
  @Test
  void memoryThatIsGivenBackCountsForThePeakOnly() {
    assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "needs Linux's /proc");
    long taken = 256 << 20;
    long before = ResidentMemory.bytes().orElseThrow();
    long during;
    try (Arena arena = Arena.ofConfined()) {
      arena.allocate(taken).fill((byte) 1);
      during = ResidentMemory.bytes().orElseThrow();
    }
    long slack = taken / 4;
    assertThat(during).isBetween(before + taken - slack, before + taken + slack);
    assertThat(ResidentMemory.bytes().orElseThrow()).isLessThan(before + slack);
    assertThat(ResidentMemory.peakBytes().orElseThrow()).isGreaterThanOrEqualTo(during - slack);
  }
}
