package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What lies in deploy/ can be read by whom it is for, as far as that can be told here. */
class DeployTest {
  private static final Path DEPLOY =
      Path.of(Objects.requireNonNull(System.getProperty("dlion.root")), "deploy");
  private static final Path SYSTEMD_ANALYZE = Path.of("/usr/bin/systemd-analyze");

  @TempDir private Path folder;

  @Test
  void yamlIsYamlAndNoKeyStandsTwice() throws IOException {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    List<Path> files;
    try (Stream<Path> all = Files.walk(DEPLOY)) {
      files = all.filter(f -> f.toString().endsWith(".yaml")).toList();
    }
    assertThat(files).hasSizeGreaterThan(3);
    for (Path file : files) {
      try (Reader reader = Files.newBufferedReader(file)) {
        int documents = 0;
        for (Object document : new Yaml(new SafeConstructor(options)).loadAll(reader)) {
          assertThat(document).as("%s", file).isInstanceOf(java.util.Map.class);
          documents++;
        }
        assertThat(documents).as("%s", file).isPositive();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dlion-worker@.service, dlion-worker@w1.service",
    "dlion-relay.service, dlion-relay.service"
  })
  void systemdFindsNothingWrongWithTheUnits(String file, String name)
      throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(SYSTEMD_ANALYZE), "no systemd-analyze here");
    String unit = Files.readString(DEPLOY.resolve("systemd").resolve(file));
    // The program is not installed where tests run.
    Path copy = folder.resolve(name);
    Files.writeString(copy, unit.replace("/opt/dlion/bin/dlion", "/bin/true"));
    Process process =
        new ProcessBuilder(SYSTEMD_ANALYZE.toString(), "verify", copy.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    // Of other units of this machine it may say what it likes.
    assertThat(said.lines().filter(line -> line.contains(name))).isEmpty();
  }
}
