package io.dlion.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneDnnTest {
  @Test
  void cachesAreUnknownWhereLinuxSaysNothingOfThem(@TempDir Path sys) throws IOException {
    Path cpu = Files.createDirectory(sys.resolve("cpu0"));
    assertThat(OneDnn.cachesAreUnknown(cpu)).isTrue();
    Files.createDirectory(cpu.resolve("cache"));
    assertThat(OneDnn.cachesAreUnknown(cpu)).isFalse();
    assertThat(OneDnn.cachesAreUnknown(sys.resolve("another-system"))).isFalse();
  }
}
