package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.console.Console;
import io.dlion.emulator.environment.Calibration;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Environments;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code dlion calibrate} as a user gives it; nothing here depends on what it measures. */
class CalibrateTest {
  private String out = "";
  private String err = "";

  private int calibrate(String... arguments) {
    List<String> all =
        new ArrayList<>(List.of("calibrate", "--data", "generated:blobs", "--model", "logistic"));
    all.addAll(List.of(arguments));
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    Console console = Console.plain(outBytes, errBytes);
    int code = Main.run(all.toArray(new String[0]), console, Main.commands(console));
    out = outBytes.toString(StandardCharsets.UTF_8);
    err = errBytes.toString(StandardCharsets.UTF_8);
    return code;
  }

  @Test
  void whatItPrintsIsReadByEnvironments() {
    assertThat(calibrate("--steps", "3")).as(err).isZero();
    assertThat(out).contains("logistic, ", "1 thread; medians of 3 gradients");
    assertThat(out.lines().map(String::strip))
        .anyMatch(line -> line.startsWith("4 "))
        .anyMatch(line -> line.startsWith("64 "));
    String block =
        out.lines()
            .dropWhile(line -> !line.equals("calibration:"))
            .takeWhile(line -> !line.isEmpty())
            .collect(Collectors.joining("\n"));
    Environment read =
        Environments.parse("mine", "workers:\n- {count: 2, cores: 24, mbit: 5}\n" + block);
    assertThat(read.forModel("mlp", 1000).calibration()).isEqualTo(Calibration.DEFAULT);
    assertThat(read.forModel("logistic", 1000).calibration()).isNotEqualTo(Calibration.DEFAULT);
  }

  @Test
  void mistakesAreNamed() {
    assertThat(calibrate("--steps", "0")).isEqualTo(2);
    assertThat(err).contains("--steps: expected 1 to 100000, found 0");
    assertThat(calibrate("--threads", "0")).isEqualTo(2);
    assertThat(err).contains("--threads: expected 1 to 1024, found 0");
  }
}
