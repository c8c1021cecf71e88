package io.dlion.cluster.security;

import io.dlion.core.WorkerId;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;

/** An authority in memory, and certificates of it that the product would not hand out. */
final class Issuing {
  private final Instant now = Instant.now();

  private final CertificateMaker maker = new CertificateMaker();
  private final KeyPair keys = maker.newKeys();
  final X509Certificate authority =
      maker.authority(keys, now.minus(Duration.ofDays(100)), now.plus(Duration.ofDays(100)));

  Issuing() throws GeneralSecurityException, IOException {}

  /** Credentials that are valid from some day, counted from today, to another. */
  Credentials worker(String name, int from, int until)
      throws GeneralSecurityException, IOException {
    KeyPair own = maker.newKeys();
    return Credentials.unchecked(
        certificate(name, own, from, until), own.getPrivate(), List.of(authority));
  }

  private X509Certificate certificate(String name, KeyPair own, int from, int until)
      throws GeneralSecurityException, IOException {
    return certificate(new Caller(new WorkerId(name), false), own, from, until);
  }

  private X509Certificate certificate(Caller holder, KeyPair own, int from, int until)
      throws GeneralSecurityException, IOException {
    return maker.holder(
        holder,
        List.of(),
        own.getPublic(),
        authority,
        keys.getPrivate(),
        now.plus(Duration.ofDays(from)),
        now.plus(Duration.ofDays(until)));
  }

  /** A worker's context that believes whatever the other side shows. */
  SSLContext gullible(String name, int from, int until)
      throws GeneralSecurityException, IOException {
    KeyPair own = maker.newKeys();
    return MutualTls.context(certificate(name, own, from, until), own.getPrivate(), new TrustAll());
  }

  SSLContext gullible(String name) throws GeneralSecurityException, IOException {
    return gullible(name, 0, 50);
  }

  /** An operator's, valid from today. */
  Credentials operator(String name) throws GeneralSecurityException, IOException {
    KeyPair own = maker.newKeys();
    return Credentials.unchecked(
        certificate(new Caller(new WorkerId(name), true), own, 0, 50),
        own.getPrivate(),
        List.of(authority));
  }

  Credentials worker(String name) throws GeneralSecurityException, IOException {
    return worker(name, 0, 50);
  }

  /** The folder of a new worker of a new authority. */
  static Path folder(Path dir, String name) throws IOException {
    Instant now = Instant.now();
    return CertificateAuthority.create(dir, Duration.ofDays(3650), now)
        .issue(new WorkerId(name), List.of(), Duration.ofDays(365), now)
        .folder();
  }
}
