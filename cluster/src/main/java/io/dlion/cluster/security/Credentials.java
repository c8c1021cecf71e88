package io.dlion.cluster.security;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * What a worker proves its name with, and checks those of others: its certificate {@value
 * #CERTIFICATE}, its key {@value #KEY}, and the authorities it trusts, {@value #AUTHORITY} (more
 * than one while a new authority takes the place of the old). Immutable, safe for several threads.
 *
 * <p>TLS alone proves that a peer has a certificate of ours, not that messages which say they are
 * from a worker are: each worker therefore {@linkplain #sign signs} its hello, over something that
 * the receiver chose, and others {@linkplain #verify verify} it.
 */
public final class Credentials {
  static final String CERTIFICATE = "cert.pem";
  static final String KEY = "key.pem";
  static final String AUTHORITY = "ca.pem";

  /** A certificate that expires sooner than this is warned of. */
  private static final Duration EXPIRES_SOON = Duration.ofDays(30);

  private static final int CERTIFICATE_BYTES_MAX = 16 * 1024;

  private final X509Certificate certificate;
  private final Caller holder;
  private final PrivateKey key;
  private final WorkerTrust trust;
  private final SSLContext context;
  private final SSLContext deskContext;
  private final List<String> warnings;

  private Credentials(
      X509Certificate certificate,
      PrivateKey key,
      List<X509Certificate> authorities,
      List<String> warnings)
      throws GeneralSecurityException {
    this.certificate = certificate;
    this.holder = CertificateNames.caller(certificate);
    this.key = key;
    this.trust = WorkerTrust.in(authorities);
    this.context = MutualTls.context(certificate, key, trust);
    this.deskContext = MutualTls.context(certificate, key, trust.withOperators());
    this.warnings = List.copyOf(warnings);
  }

  /**
   * Reads a worker's folder, as {@code dlion certs issue} makes it.
   *
   * @throws UserError naming the file, if one is missing or damaged, the certificate has expired or
   *     is of another authority, or the key is not the certificate's
   */
  public static Credentials load(Path folder) throws IOException {
    return load(folder, Instant.now());
  }

  /**
   * Reads a worker's or an operator's folder: what somebody needs who asks workers something.
   *
   * @throws UserError as {@link #load}
   */
  public static Credentials ofCaller(Path folder) throws IOException {
    return read(folder, Instant.now());
  }

  /** The same at another time. */
  static Credentials load(Path folder, Instant now) throws IOException {
    Credentials read = read(folder, now);
    if (read.holder.mayOperate()) {
      throw new UserError(
          folder.resolve(CERTIFICATE)
              + ": of "
              + read.holder
              + ", who stops, pauses and resumes a cluster; a worker needs a certificate of its own"
              + " (dlion certs issue)");
    }
    return read;
  }

  private static Credentials read(Path folder, Instant now) throws IOException {
    Path file = folder.resolve(CERTIFICATE);
    Path keyFile = folder.resolve(KEY);
    X509Certificate certificate = Pem.certificates(file).getFirst();
    PrivateKey key = Pem.key(keyFile);
    List<X509Certificate> authorities = Pem.certificates(folder.resolve(AUTHORITY));
    requireValid(file, certificate, now);
    if (!Signing.belongs(key, certificate)) {
      throw new UserError(
          keyFile + ": not the key of " + file + "; copy the whole folder of one certificate");
    }
    if (authorities.stream().noneMatch(a -> isIssued(certificate, a))) {
      throw new UserError(
          file
              + ": not issued by an authority in "
              + folder.resolve(AUTHORITY)
              + "; copy the whole folder that dlion certs issue made");
    }
    List<String> warnings = new ArrayList<>(tooOpen(keyFile));
    warnings.addAll(expiresSoon(file, certificate, now));
    try {
      return new Credentials(certificate, key, authorities, warnings);
    } catch (CertificateException e) {
      throw new UserError(file + ": " + e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot do TLS 1.3: " + e.getMessage(), e);
    }
  }

  /**
   * Tells of connections that are refused because of the certificate at their other end: a line for
   * people, on the thread of the connection, for the 1st, 2nd, 4th, 8th … of a kind.
   */
  public void whenRefused(Consumer<String> listener) {
    trust.whenRefused(listener);
  }

  /** What others, and this worker after a while, would be shown; nothing is checked. */
  static Credentials unchecked(
      X509Certificate certificate, PrivateKey key, List<X509Certificate> authorities)
      throws GeneralSecurityException {
    return new Credentials(certificate, key, authorities, List.of());
  }

  private static void requireValid(Path file, X509Certificate certificate, Instant now) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isBefore(from)) {
      throw new UserError(
          file
              + ": valid from "
              + from
              + ", and it is "
              + now
              + "; is this machine's clock right?");
    }
    if (!now.isBefore(until)) {
      throw new UserError(
          file + ": expired on " + until + "; issue a new one with dlion certs issue");
    }
  }

  private static boolean isIssued(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static List<String> expiresSoon(Path file, X509Certificate certificate, Instant now) {
    Instant until = certificate.getNotAfter().toInstant();
    return Duration.between(now, until).compareTo(EXPIRES_SOON) >= 0
        ? List.of()
        : List.of(
            file
                + ": expires on "
                + until
                + ", in "
                + Duration.between(now, until).toDays()
                + " days; issue a new one with dlion certs issue");
  }

  /** A warning if others than its owner may use a key. */
  static List<String> tooOpen(Path keyFile) throws IOException {
    return SecretFiles.isOpenToOthers(keyFile)
        ? List.of(
            keyFile
                + ": others than its owner may use this key; chmod 600 "
                + keyFile
                + " leaves it to its owner")
        : List.of();
  }

  /** What is wrong and yet no reason to stop (expiry is near, a key lies open): a line for each. */
  public List<String> warnings() {
    return warnings;
  }

  /** The name in the certificate: the only one this worker can speak as. */
  public WorkerId name() {
    return holder.name();
  }

  /** Whose the certificate is. */
  public Caller holder() {
    return holder;
  }

  /** When the certificate expires. */
  public Instant expires() {
    return certificate.getNotAfter().toInstant();
  }

  /** The certificate in its binary form (DER), for those who {@linkplain #verify verify}. */
  public byte[] certificate() {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e); // it was read from these very bytes
    }
  }

  /**
   * Makes connections of TLS 1.3, in which both sides show a worker's certificate of a trusted
   * authority; nothing has to be set on the sockets and engines it makes, nor can they be asked for
   * less.
   */
  public SSLContext sslContext() {
    return context;
  }

  /**
   * The same for connections over which workers are asked something: those who ask may also be
   * operators, who answers must be a worker. Nothing but questions is to be taken from them; {@link
   * #callerOf} says whose they are.
   */
  public SSLContext deskContext() {
    return deskContext;
  }

  /**
   * Signs a message with this worker's key. Receivers must have had a part in what it says (a
   * number drawn for this connection, say), or old signatures could be used again.
   */
  public byte[] sign(byte[] message) {
    try {
      return Signing.sign(key, message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // the key was tried when it was read
    }
  }

  /**
   * Whose message it is; empty unless the certificate is valid now, a worker's, of an authority
   * trusted here, and the signature made with its key. Takes any bytes.
   *
   * @param certificate as {@link #certificate} gives it
   */
  public Optional<WorkerId> verify(byte[] certificate, byte[] message, byte[] signature) {
    if (certificate.length > CERTIFICATE_BYTES_MAX) {
      return Optional.empty();
    }
    try {
      X509Certificate theirs = Pem.certificate(certificate);
      trust.require(theirs);
      return Signing.verify(theirs.getPublicKey(), message, signature)
          ? Optional.of(CertificateNames.worker(theirs))
          : Optional.empty();
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /**
   * The worker that a certificate is of. Says nothing about whether the certificate is to be
   * trusted.
   *
   * @throws CertificateException if it is not a worker's
   */
  public static WorkerId nameOf(X509Certificate certificate) throws CertificateException {
    return CertificateNames.worker(certificate);
  }

  /**
   * The worker or operator that a certificate is of. Says nothing about whether the certificate is
   * to be trusted.
   *
   * @throws CertificateException if it is of neither
   */
  public static Caller callerOf(X509Certificate certificate) throws CertificateException {
    return CertificateNames.caller(certificate);
  }

  /** Says nothing of the key. */
  @Override
  public String toString() {
    return "credentials of " + holder.name();
  }
}
