package io.dlion.cluster.security;

import io.dlion.core.Shell;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A private certificate authority in a folder: its certificate {@value #CERTIFICATE} and its key
 * {@value #KEY}, which stays there. Each certificate it issues becomes a folder of its own beside
 * them: what one machine gets. Immutable; times are arguments.
 */
public final class CertificateAuthority {
  static final String CERTIFICATE = "ca.pem";
  static final String KEY = "ca.key";

  private static final Duration VALIDITY_MAX = Duration.ofDays(36_500);

  private final Path folder;
  private final X509Certificate certificate;
  private final PrivateKey key;
  private final List<String> warnings;

  /**
   * What was issued.
   *
   * @param folder with {@code cert.pem}, {@code key.pem} and {@code ca.pem}
   * @param until when the certificate expires: with its authority at the latest
   */
  public record Issued(Path folder, Instant until) {}

  private CertificateAuthority(
      Path folder, X509Certificate certificate, PrivateKey key, List<String> warnings) {
    this.folder = folder;
    this.certificate = certificate;
    this.key = key;
    this.warnings = List.copyOf(warnings);
  }

  /**
   * Makes a new one; the folder is made where there is none.
   *
   * @throws UserError if there is one already, or the validity makes no sense
   */
  public static CertificateAuthority create(Path folder, Duration validity, Instant now)
      throws IOException {
    requireSensible(validity);
    for (String name : List.of(CERTIFICATE, KEY)) {
      if (Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
        throw new UserError(
            folder.resolve(name)
                + ": there is a certificate authority already, and all its certificates would be"
                + " worth nothing without it; name another folder");
      }
    }
    if (!Files.isDirectory(folder)) {
      Path parent = folder.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      SecretFiles.createFolder(folder);
    }
    try {
      CertificateMaker maker = new CertificateMaker();
      KeyPair keys = maker.newKeys();
      X509Certificate certificate = maker.authority(keys, now, now.plus(validity));
      SecretFiles.write(folder.resolve(KEY), Pem.of(keys.getPrivate()));
      Files.writeString(folder.resolve(CERTIFICATE), Pem.of(certificate));
      return new CertificateAuthority(folder, certificate, keys.getPrivate(), List.of());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot make certificates: " + e.getMessage(), e);
    }
  }

  /**
   * Opens the one in a folder.
   *
   * @throws UserError if there is none, or it has expired, or its files are not what they should be
   */
  public static CertificateAuthority open(Path folder, Instant now) throws IOException {
    Path file = folder.resolve(CERTIFICATE);
    if (!Files.exists(file)) {
      throw new UserError(
          file
              + ": no certificate authority here; "
              + Shell.dlion("certs", "init", "--dir", folder)
              + " makes one");
    }
    Path keyFile = folder.resolve(KEY);
    if (!Files.exists(keyFile)) {
      throw new UserError(
          keyFile
              + ": the authority's key is not here; certificates are issued where it was made,"
              + " never on a worker's machine");
    }
    X509Certificate certificate = Pem.certificates(file).getFirst();
    PrivateKey key = Pem.key(keyFile);
    Instant until = certificate.getNotAfter().toInstant();
    if (!now.isBefore(until)) {
      throw new UserError(
          file + ": expired on " + until + "; dlion certs init makes a new one in another folder");
    }
    if (certificate.getBasicConstraints() < 0 || !Signing.belongs(key, certificate)) {
      throw new UserError(file + ": not the certificate of an authority with the key " + keyFile);
    }
    return new CertificateAuthority(folder, certificate, key, Credentials.tooOpen(keyFile));
  }

  /** Its certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** What is wrong and yet no reason to stop: a line for each. */
  public List<String> warnings() {
    return warnings;
  }

  /**
   * Issues a worker's certificate, with a new key.
   *
   * @param hosts names and addresses of its machine, for tools that look for them; DLion does not
   * @throws UserError if the worker has a certificate here, or a host is none
   */
  public Issued issue(WorkerId name, List<String> hosts, Duration validity, Instant now)
      throws IOException {
    return issue(new Caller(name, false), hosts, validity, now);
  }

  /**
   * Issues an operator's certificate, with a new key: its holder may stop, pause and resume a
   * cluster, and is no worker.
   *
   * @throws UserError if there is a certificate of this name here
   */
  public Issued issueOperator(WorkerId name, Duration validity, Instant now) throws IOException {
    return issue(new Caller(name, true), List.of(), validity, now);
  }

  private Issued issue(Caller holder, List<String> hosts, Duration validity, Instant now)
      throws IOException {
    WorkerId name = holder.name();
    requireSensible(validity);
    Path to = folder.resolve(name.name());
    if (!to.normalize().startsWith(folder.normalize())
        || to.normalize().equals(folder.normalize())) {
      throw new UserError(
          (holder.mayOperate() ? "operator" : "worker")
              + " name '"
              + name
              + "': cannot be the name of a folder");
    }
    if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
      throw new UserError(
          to
              + ": is there already; move it away to issue another certificate to the same name, or"
              + " choose another name");
    }
    Instant wanted = now.plus(validity);
    Instant last = certificate.getNotAfter().toInstant();
    Instant until = wanted.isAfter(last) ? last : wanted;
    // Made aside and then renamed: a folder that is there is whole.
    Path fresh = Files.createTempDirectory(folder, ".new-"); // for its owner only
    try {
      CertificateMaker maker = new CertificateMaker();
      KeyPair keys = maker.newKeys();
      X509Certificate issued =
          maker.holder(holder, hosts, keys.getPublic(), certificate, key, now, until);
      SecretFiles.write(fresh.resolve(Credentials.KEY), Pem.of(keys.getPrivate()));
      Files.writeString(fresh.resolve(Credentials.CERTIFICATE), Pem.of(issued));
      Files.writeString(fresh.resolve(Credentials.AUTHORITY), Pem.of(certificate));
      Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot make certificates: " + e.getMessage(), e);
    } finally {
      for (String left :
          List.of(Credentials.KEY, Credentials.CERTIFICATE, Credentials.AUTHORITY, "")) {
        Files.deleteIfExists(fresh.resolve(left));
      }
    }
    return new Issued(to, until);
  }

  private static void requireSensible(Duration validity) {
    if (validity.compareTo(Duration.ofDays(1)) < 0 || validity.compareTo(VALIDITY_MAX) > 0) {
      throw new UserError(
          "--days " + validity.toDays() + ": expected 1 to " + VALIDITY_MAX.toDays());
    }
  }
}
