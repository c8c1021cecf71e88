package io.dlion.cli.cap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NicenessTest {
  private static final int NICE = 7;

  /** Of /proc/PID/task/TID/stat, counted behind the name in brackets, which may hold spaces. */
  private static final int NICE_FIELD = 16;

  /** A process with threads of before and after; prints the priorities of all of them. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws Exception {
      Thread before = Thread.ofPlatform().daemon().start(Program::waitForEver);
      System.out.println(Niceness.set(NICE).orElse("set"));
      Thread after = Thread.ofPlatform().daemon().start(Program::waitForEver);
      System.out.println(priorities());
      System.out.println(before.isAlive() && after.isAlive());
    }

    private static void waitForEver() {
      try {
        Thread.currentThread().join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static String priorities() throws IOException {
      try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
        StringBuilder all = new StringBuilder();
        for (Path task : tasks.toList()) {
          String stat = Files.readString(task.resolve("stat"));
          all.append(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[NICE_FIELD]);
          all.append(' ');
        }
        return all.toString().strip();
      }
    }
  }

  @Test
  void allThreadsOfTheProcessGiveWay() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/task")), "skipped: this is not Linux");
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Program.class.getName())
            .redirectErrorStream(true)
            .start();
    List<String> said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).as("%s", said).isZero();
    assertThat(said).hasSize(3).startsWith("set").endsWith("true");
    assertThat(said.get(1).split(" ", -1)).hasSizeGreaterThan(5).containsOnly("" + NICE);
  }
}
