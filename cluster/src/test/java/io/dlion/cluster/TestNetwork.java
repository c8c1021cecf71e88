package io.dlion.cluster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Hosts in namespaces, each with a line of its own to all others: what {@code
 * src/test/sh/test-network} makes. Tests are skipped where that cannot be.
 */
final class TestNetwork {
  private static final Path SCRIPT = Path.of("src/test/sh/test-network").toAbsolutePath();

  // Another test run beside this one has another process id, and with it another network.
  private final long id = ProcessHandle.current().pid() % 100_000;
  private final String prefix = "dl" + id + "x";
  private final int net = (int) (id % 250) + 1;
  private final List<HostProcess> processes = new ArrayList<>();

  /** A network of hosts 1, 2, … with lines of these rates. */
  static TestNetwork ofMbit(int... rates) throws Exception {
    assumeTrue(
        Stream.of("/usr/sbin/ip", "/sbin/ip").map(Path::of).anyMatch(Files::isExecutable),
        "skipped: there is no ip (iproute2) to make a test network with");
    TestNetwork made = new TestNetwork();
    List<String> up = new ArrayList<>(List.of("up", made.prefix, Integer.toString(made.net)));
    for (int rate : rates) {
      up.add(Integer.toString(rate));
    }
    boolean there = run(up) == 0;
    if (!there) {
      made.close();
    }
    assumeTrue(there, "skipped: no test network, it needs root, ip netns and tc (src/test/sh)");
    return made;
  }

  /** Tests that filter packets are skipped where that cannot be. */
  static void requireFilter() {
    assumeTrue(
        Stream.of("/usr/sbin/nft", "/sbin/nft").map(Path::of).anyMatch(Files::isExecutable),
        "skipped: there is no nft (nftables) to lose packets with");
  }

  /** A command of the script with the network's prefix; it must succeed. */
  void change(String command, Object... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(command, prefix));
    Stream.of(arguments).map(String::valueOf).forEach(all::add);
    if (run(all) != 0) {
      throw new IOException("test-network " + String.join(" ", all));
    }
  }

  private static int run(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("sh", SCRIPT.toString()));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Where a host listens. */
  String address(int host) {
    return "10.77." + net + "." + host + ":7800";
  }

  /** Runs a class of these tests on a host. */
  HostProcess start(int host, Class<?> main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "ip",
                "netns",
                "exec",
                prefix + host,
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
    command.addAll(List.of(arguments));
    HostProcess made = new HostProcess(command);
    processes.add(made);
    return made;
  }

  /** Ends all processes, and removes the network. */
  void close() throws IOException, InterruptedException {
    for (HostProcess process : processes) {
      process.kill();
    }
    run(List.of("down", prefix));
  }
}
