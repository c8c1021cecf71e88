package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertsCommandTest {
  @TempDir private Path temporary;

  private String dir() {
    return temporary.resolve("certs").toString();
  }

  private static CommandRun done(String... command) {
    CommandRun dlion = new CommandRun();
    assertThat(dlion.run(command)).as(dlion.err()).isZero();
    return dlion;
  }

  private static void assertMistake(String message, String... command) {
    CommandRun dlion = new CommandRun();
    assertThat(dlion.run(command)).isEqualTo(2);
    assertThat(dlion.err()).startsWith("dlion: ").contains(message);
    assertThat(dlion.err().lines()).hasSize(1);
  }

  @Test
  void fromNothingToAWorkersFolder() {
    CommandRun init = done("certs", "init", "--dir", dir());
    assertThat(init.out()).contains("Next: dlion certs issue NAME --dir " + dir());
    CommandRun issue =
        done("certs", "issue", "shop-7", "--dir", dir(), "--host", "10.0.0.7", "--days", "90");
    assertThat(issue.out())
        .startsWith(dir() + "/shop-7: certificate of worker shop-7, valid until 20");
    assertThat(issue.err()).isEmpty();
    List<String> lines = done("certs", "show", dir() + "/shop-7").out().lines().toList();
    assertThat(lines)
        .contains(
            "file        " + dir() + "/shop-7/cert.pem",
            "worker      shop-7",
            "hosts       10.0.0.7",
            "file        " + dir() + "/shop-7/ca.pem");
    assertThat(lines).anyMatch(l -> l.matches("authority   DLion CA [0-9a-f]{8}"));
    assertThat(lines).anyMatch(l -> l.matches("valid       20.* to 20.*, (89|90) days left"));
    assertThat(lines).anyMatch(l -> l.matches("SHA-256     [0-9A-F:]{95}"));
    assertThat(done("certs", "show", dir() + "/ca.pem").out().lines()).hasSize(5);
  }

  @Test
  void anOperatorsCertificateIsShownAsOne() {
    done("certs", "init", "--dir", dir());
    assertThat(done("certs", "issue", "--operator", "anna", "--dir", dir()).out())
        .startsWith(dir() + "/anna: certificate of operator anna, valid until 20")
        .contains("give it to anna alone");
    assertThat(done("certs", "show", dir() + "/anna").out()).contains("operator    anna");
    assertMistake(
        "certificate is of no machine",
        "certs",
        "issue",
        "bob",
        "--operator",
        "--host",
        "10.0.0.1",
        "--dir",
        dir());
  }

  @Test
  void mistakesAreAnsweredInALine() {
    assertMistake("--dir", "certs", "init");
    assertMistake("no certificate authority here", "certs", "issue", "w1", "--dir", dir());
    done("certs", "init", "--dir", dir());
    assertMistake("there is a certificate authority already", "certs", "init", "--dir", dir());
    assertMistake("worker name 'a b'", "certs", "issue", "a b", "--dir", dir());
    assertMistake("--host a b: expected", "certs", "issue", "w1", "--host", "a b", "--dir", dir());
    assertMistake("--days 0: expected", "certs", "issue", "w1", "--days", "0", "--dir", dir());
    done("certs", "issue", "w1", "--dir", dir());
    assertMistake("w1: is there already", "certs", "issue", "w1", "--dir", dir());
    assertMistake("no such file", "certs", "show", dir() + "/w2");
    assertMistake("found neither", "certs", "show", temporary.toString());
    assertMistake("did you mean 'issue'?", "certs", "isue");
  }

  @Test
  void anOpenKeyIsWarnedOf() throws IOException {
    done("certs", "init", "--dir", dir());
    Files.setPosixFilePermissions(
        Path.of(dir(), "ca.key"), PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(done("certs", "issue", "w1", "--dir", dir()).err())
        .startsWith("warning: " + dir() + "/ca.key: others than its owner");
  }

  @Test
  void aloneItShowsWhatThereIs() {
    assertThat(done("certs").out()).contains("init", "issue", "show", "Examples");
  }
}
