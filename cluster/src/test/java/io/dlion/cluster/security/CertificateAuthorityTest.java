package io.dlion.cluster.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
  private final Instant now = Instant.now();
  private static final Duration YEAR = Duration.ofDays(365);

  @TempDir private Path temporary;

  private Path dir() {
    return temporary.resolve("certs");
  }

  @Test
  void aMachineGetsThreeFilesAndNeverTheAuthoritysKey() throws IOException {
    CertificateAuthority.create(dir(), YEAR, now);
    CertificateAuthority authority = CertificateAuthority.open(dir(), now);
    Path shop = authority.issue(new WorkerId("shop-7"), List.of(), YEAR, now).folder();
    assertThat(shop).isEqualTo(dir().resolve("shop-7"));
    assertThat(names(shop)).containsExactly("ca.pem", "cert.pem", "key.pem");
    assertThat(names(dir())).containsExactly("ca.key", "ca.pem", "shop-7");
    assertThat(shop.resolve("ca.pem")).hasSameTextualContentAs(dir().resolve("ca.pem"));
    for (Path secret : List.of(shop.resolve("key.pem"), dir().resolve("ca.key"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
          .isEqualTo("rw-------");
    }
    assertThat(authority.warnings()).isEmpty();
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void factsNameTheWorkerItsHostsAndItsAuthority() throws IOException {
    CertificateAuthority authority = CertificateAuthority.create(dir(), YEAR, now);
    authority.issue(
        new WorkerId("shop_7.b"),
        List.of("10.0.0.7", "shop-7.example.org", "2001:db8::7"),
        Duration.ofDays(90),
        now);
    List<CertificateFacts> facts = CertificateFacts.read(dir().resolve("shop_7.b"));
    assertThat(facts).hasSize(2);
    CertificateFacts worker = facts.getFirst();
    CertificateFacts issuer = facts.getLast();
    assertThat(worker.holder()).contains(new Caller(new WorkerId("shop_7.b"), false));
    assertThat(worker.authority()).isFalse();
    assertThat(worker.hosts())
        .containsExactly("shop-7.example.org", "10.0.0.7", "2001:db8:0:0:0:0:0:7");
    assertThat(worker.until())
        .isEqualTo(now.plus(Duration.ofDays(90)).truncatedTo(ChronoUnit.SECONDS));
    assertThat(worker.from()).isBetween(now.minus(Duration.ofHours(2)), now);
    assertThat(issuer.authority()).isTrue();
    assertThat(issuer.holder()).isEqualTo(Optional.empty());
    assertThat(worker.issuer()).isEqualTo(issuer.name()).startsWith("DLion CA ");
    assertThat(worker.fingerprint()).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
  }

  @Test
  void noCertificateOutlivesItsAuthority() throws IOException {
    CertificateAuthority authority = CertificateAuthority.create(dir(), Duration.ofDays(10), now);
    Instant until = authority.issue(new WorkerId("w1"), List.of(), YEAR, now).until();
    assertThat(until).isEqualTo(authority.certificate().getNotAfter().toInstant());
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    CertificateAuthority authority = CertificateAuthority.create(dir(), YEAR, now);
    authority.issue(new WorkerId("w1"), List.of(), YEAR, now);
    String before = Files.readString(dir().resolve("w1/cert.pem"));
    assertMistake(
        () -> CertificateAuthority.create(dir(), YEAR, now),
        "ca.pem: there is a certificate authority already");
    for (String taken : List.of("w1", "ca.key")) {
      assertMistake(
          () -> authority.issue(new WorkerId(taken), List.of(), YEAR, now),
          taken + ": is there already");
    }
    assertThat(dir().resolve("w1/cert.pem")).hasContent(before.strip());
    Files.delete(dir().resolve("ca.pem"));
    assertMistake(
        () -> CertificateAuthority.create(dir(), YEAR, now),
        "ca.key: there is a certificate authority already");
  }

  @Test
  void aNameThatIsNoFolderAndAHostThatIsNoneAreRefusedAndLeaveNothing() throws IOException {
    CertificateAuthority authority = CertificateAuthority.create(dir(), YEAR, now);
    for (String name : List.of(".", "..")) {
      assertMistake(
          () -> authority.issue(new WorkerId(name), List.of(), YEAR, now),
          "cannot be the name of a folder");
    }
    for (String host : List.of("10.0.0.256", "a_b", "-a", "", "a..b", "1:2")) {
      assertMistake(
          () -> authority.issue(new WorkerId("w1"), List.of(host), YEAR, now),
          "--host " + host + ": expected an IP address");
    }
    assertMistake(
        () -> authority.issue(new WorkerId("w1"), List.of(), Duration.ZERO, now),
        "--days 0: expected 1 to 36500");
    assertThat(names(dir())).containsExactly("ca.key", "ca.pem");
  }

  @Test
  void anAuthorityThatIsMissingExpiredOrNotWholeIsNotUsed() throws IOException {
    assertMistake(() -> CertificateAuthority.open(dir(), now), "ca.pem: no certificate authority");
    CertificateAuthority.create(dir(), YEAR, now);
    assertMistake(
        () -> CertificateAuthority.open(dir(), now.plus(Duration.ofDays(366))),
        "ca.pem: expired on ");
    CertificateAuthority.create(temporary.resolve("other"), YEAR, now);
    Path key = dir().resolve("ca.key");
    Files.copy(
        temporary.resolve("other/ca.key"), key, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertMistake(
        () -> CertificateAuthority.open(dir(), now),
        "ca.pem: not the certificate of an authority with the key");
    Files.writeString(key, "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n");
    assertMistake(() -> CertificateAuthority.open(dir(), now), "found a EC PRIVATE KEY; openssl");
    Files.writeString(key, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assertMistake(() -> CertificateAuthority.open(dir(), now), "ca.key: not a private key");
    Files.writeString(key, "secret");
    assertMistake(() -> CertificateAuthority.open(dir(), now), "ca.key: expected a PEM file");
    Files.delete(key);
    assertMistake(() -> CertificateAuthority.open(dir(), now), "ca.key: the authority's key");
  }

  @Test
  void aKeyThatLiesOpenIsWarnedOf() throws IOException {
    CertificateAuthority.create(dir(), YEAR, now);
    Path key = dir().resolve("ca.key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(CertificateAuthority.open(dir(), now).warnings())
        .singleElement()
        .asString()
        .contains("ca.key: others than its owner may use this key; chmod 600");
  }

  @Test
  void opensslFindsThemInOrder() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "no openssl here");
    Path shop = Issuing.folder(dir(), "shop-7");
    assertThat(
            openssl(
                "verify",
                "-x509_strict",
                "-purpose",
                "sslserver",
                "-CAfile",
                dir() + "/ca.pem",
                shop + "/cert.pem"))
        .contains("cert.pem: OK");
    assertThat(openssl("pkey", "-in", shop + "/key.pem", "-check", "-noout"))
        .contains("Key is valid");
    assertThat(openssl("x509", "-in", shop + "/cert.pem", "-noout", "-text"))
        .contains("URI:dlion:worker:shop-7", "NIST CURVE: P-256", "ecdsa-with-SHA256")
        .contains("CN = shop-7", "TLS Web Server Authentication, TLS Web Client Authentication");
  }

  private static String openssl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("/usr/bin/openssl"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }

  private static void assertMistake(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable action, String message) {
    assertThatThrownBy(action)
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }
}
