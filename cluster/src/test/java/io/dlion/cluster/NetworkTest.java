package io.dlion.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Three workers, each a process on a host of its own, on lines of 50, 35 and 20 Mbit/s: namespaces
 * that {@code src/test/sh/test-network} makes. Skipped where that cannot be.
 */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NetworkTest {
  private static final Path SCRIPT = Path.of("src/test/sh/test-network").toAbsolutePath();
  private static final long DEADLINE_SECONDS = 60;

  // Another test run beside this one has another process id, and with it another network.
  private final long id = ProcessHandle.current().pid() % 100_000;
  private final String prefix = "dl" + id + "x";
  private final int net = (int) (id % 250) + 1;
  private final List<Host> hosts = new ArrayList<>();

  /** A worker, and what it has said. */
  private static final class Host {
    final Process process;
    final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    final List<String> all = new ArrayList<>();

    Host(Process process) {
      this.process = process;
      Thread.ofPlatform().daemon().start(this::read);
    }

    private void read() {
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          said.add(line);
        }
      } catch (IOException e) {
        said.add("output: " + e.getMessage());
      }
    }

    /** Waits until it says so; what it said before is gone. */
    void awaitLine(Predicate<String> wanted, String what) throws InterruptedException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
      String line = "";
      while (!wanted.test(line)) {
        line = said.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        assertThat(line).as("%s; it said %s", what, tail()).isNotNull();
        all.add(line);
      }
    }

    private List<String> tail() {
      return all.subList(Math.max(0, all.size() - 20), all.size());
    }

    /** Forgets what it has said, so that what comes is new. */
    void forget() {
      said.drainTo(all);
    }

    void awaitIterations(int count) throws InterruptedException {
      forget();
      for (int i = 0; i < count; i++) {
        awaitLine(line -> line.startsWith("iteration "), "trains on");
      }
    }
  }

  @BeforeEach
  void up() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/sbin/ip")) || Files.isExecutable(Path.of("/sbin/ip")),
        "skipped: there is no ip (iproute2) to make a test network with");
    int made = network("up", prefix, Integer.toString(net), "50", "35", "20");
    if (made != 0) {
      network("down", prefix);
    }
    assumeTrue(made == 0, "skipped: no test network, it needs root, ip netns and tc (src/test/sh)");
  }

  @AfterEach
  void down() throws Exception {
    for (Host host : hosts) {
      host.process.destroyForcibly().waitFor();
    }
    network("down", prefix);
  }

  private static int network(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("sh", SCRIPT.toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private Host worker(int host, String name, int minWorkers) throws IOException {
    List<String> command =
        List.of(
            "ip",
            "netns",
            "exec",
            prefix + host,
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            WorkerProcess.class.getName(),
            name,
            address(host),
            address(1),
            Integer.toString(minWorkers));
    Host made = new Host(new ProcessBuilder(command).redirectErrorStream(true).start());
    hosts.add(made);
    return made;
  }

  private String address(int host) {
    return "10.77." + net + "." + host + ":7800";
  }

  @Test
  void trainingSurvivesADeathAComebackAndACutLink() throws Exception {
    Host one = worker(1, "w1", 3);
    Host two = worker(2, "w2", 3);
    Host three = worker(3, "w3", 3);
    for (Host host : List.of(one, two, three)) {
      host.awaitLine(line -> line.contains("begins with w1, w2, w3"), "all begin together");
    }
    one.awaitLine(line -> line.equals("sent to w3"), "gradients go to w3");
    for (Host host : List.of(one, two, three)) {
      host.awaitIterations(5);
    }

    three.process.destroyForcibly().waitFor(); // kill -9
    for (Host host : List.of(one, two)) {
      host.awaitLine(line -> line.equals("notice: lost w3"), "the death is noticed");
      host.awaitIterations(5);
    }

    Host again = worker(3, "w3", 3);
    again.awaitLine(line -> line.contains("under way"), "it comes to the run");
    again.awaitIterations(5);
    one.awaitLine(line -> line.equals("sent to w3"), "gradients go to w3 again");

    network("cut", prefix, "2");
    one.awaitLine(line -> line.equals("notice: lost w2"), "the cut is noticed");
    two.awaitLine(line -> line.equals("notice: lost w1"), "the cut is noticed on its other side");
    one.awaitIterations(5);
    two.awaitIterations(5); // an island of its own

    network("heal", prefix, "2");
    one.forget();
    one.awaitLine(line -> line.equals("sent to w2"), "they find each other again");
    two.awaitLine(line -> line.equals("sent to w1"), "and train together");
    for (Host host : List.of(one, two, again)) {
      host.awaitIterations(5);
      host.process.getOutputStream().close();
      host.awaitLine(line -> line.equals("ended: request"), "it stops when it is asked to");
      assertThat(host.process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }
}
