package io.dlion.cli.pack;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dlion.cli.pack.Scripts.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A Debian with only what every Debian has, in a folder: {@code debootstrap --variant=minbase} from
 * the sources that apt of this machine uses. What runs in it has mounts, processes and a network of
 * its own, with a loopback interface and nothing else.
 *
 * @param root its folder
 */
record BareDebian(Path root) {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PATH",
          "/usr/sbin:/usr/bin:/sbin:/bin",
          "HOME",
          "/root",
          "http_proxy", // which apt would take from here, too
          Objects.requireNonNullElse(System.getenv("http_proxy"), ""));

  private static final Path HERE = Path.of("/");

  private static final String NEEDED =
      """
      test "$(id -u)" = 0
      command -v debootstrap
      command -v apt-get
      command -v ip
      unshare --mount --net --pid --fork true
      """;

  /** Makes one in the folder given as its argument. */
  private static final String MAKE =
      """
      source=$(apt-get indextargets --format '$(CREATED_BY)|$(LABEL)|$(COMPONENT)|$(CODENAME)|$(REPO_URI)' |
        grep '^Packages|Debian|main|[a-z]*|' | head -n 1)
      suite=$(echo "$source" | cut -d '|' -f 4)
      uri=$(echo "$source" | cut -d '|' -f 5)
      eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
      export http_proxy
      debootstrap --variant=minbase "$suite" "$1" "$uri"
      """;

  /** Runs a script given as its second argument in the root given as its first. */
  private static final String INSIDE =
      """
      ip link set lo up
      mount -t proc proc "$1/proc"
      exec chroot "$1" /bin/sh -euc "$2"
      """;

  /** Makes one; the test is skipped where that cannot be. */
  static BareDebian make(Path root) throws IOException, InterruptedException {
    Outcome can = Scripts.outcome(List.of("sh", "-euc"), NEEDED, HERE, ENVIRONMENT);
    assumeTrue(can.code() == 0, "a bare Debian needs root, debootstrap, apt, ip and namespaces");
    Outcome made =
        Scripts.outcome(
            List.of("unshare", "--mount", "sh", "-euc", MAKE, "make"),
            root.toString(),
            HERE,
            ENVIRONMENT);
    assumeTrue(
        made.code() == 0,
        () -> "debootstrap made none: " + made.said().lines().reduce((a, b) -> b).orElse(""));
    return new BareDebian(root);
  }

  /** Runs a script in it as root. */
  Outcome outcome(String script) throws IOException, InterruptedException {
    List<String> command =
        List.of("unshare", "--mount", "--net", "--pid", "--fork", "sh", "-euc", INSIDE, "inside");
    List<String> line = new ArrayList<>(command);
    line.add(root.toString());
    return Scripts.outcome(line, script, HERE, ENVIRONMENT);
  }

  /** Runs a script in it that is to succeed. */
  String run(String script) throws IOException, InterruptedException {
    Outcome outcome = outcome(script);
    if (outcome.code() != 0) {
      throw new AssertionError(
          "exit code " + outcome.code() + " of " + script + "\n" + outcome.said());
    }
    return outcome.said();
  }
}
