package io.dlion.cluster.security;

import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a certificate says, for people.
 *
 * @param file where it is
 * @param holder whose it is; empty for an authority's, and for one that is of nobody here
 * @param authority whether it is for issuing others
 * @param name its common name
 * @param issuer the common name of who issued it
 * @param from when it begins to be valid
 * @param until when it expires
 * @param hosts names and addresses of the worker's machine, where some were given
 * @param fingerprint SHA-256 of its binary form, as openssl prints it
 */
public record CertificateFacts(
    Path file,
    Optional<Caller> holder,
    boolean authority,
    String name,
    String issuer,
    Instant from,
    Instant until,
    List<String> hosts,
    String fingerprint) {
  /**
   * Reads all certificates of a file; of a folder, the worker's and its authorities'.
   *
   * @throws UserError if there is none
   */
  public static List<CertificateFacts> read(Path path) throws IOException {
    List<Path> files =
        !Files.isDirectory(path)
            ? List.of(path)
            : List.of(
                path.resolve(Credentials.CERTIFICATE),
                path.resolve(CertificateAuthority.CERTIFICATE));
    List<CertificateFacts> facts = new ArrayList<>();
    for (Path file : files) {
      if (Files.exists(file) || files.size() == 1) {
        for (X509Certificate certificate : Pem.certificates(file)) {
          facts.add(of(file, certificate));
        }
      }
    }
    if (facts.isEmpty()) {
      throw new UserError(
          path
              + ": expected "
              + Credentials.CERTIFICATE
              + " or "
              + CertificateAuthority.CERTIFICATE
              + " in this folder, found neither");
    }
    return facts;
  }

  private static CertificateFacts of(Path file, X509Certificate certificate) {
    try {
      return new CertificateFacts(
          file,
          holder(certificate),
          certificate.getBasicConstraints() >= 0,
          CertificateNames.common(certificate),
          CertificateNames.issuer(certificate),
          certificate.getNotBefore().toInstant(),
          certificate.getNotAfter().toInstant(),
          CertificateNames.hosts(certificate),
          fingerprint(certificate));
    } catch (GeneralSecurityException e) {
      throw new UserError(file + ": not a certificate that can be read: " + e.getMessage(), e);
    }
  }

  private static Optional<Caller> holder(X509Certificate certificate) {
    try {
      return Optional.of(CertificateNames.caller(certificate));
    } catch (CertificateException e) {
      return Optional.empty();
    }
  }

  private static String fingerprint(X509Certificate certificate) throws GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
    return HexFormat.ofDelimiter(":").formatHex(digest).toUpperCase(Locale.ROOT);
  }
}
