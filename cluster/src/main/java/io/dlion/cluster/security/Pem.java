package io.dlion.cluster.security;

import io.dlion.core.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/** Certificates and private keys as PEM text, as openssl writes and reads it. */
final class Pem {
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String KEY = "PRIVATE KEY";

  /** More than any file of certificates here can need; what is larger is not one. */
  private static final long FILE_BYTES_MAX = 1 << 20;

  private Pem() {}

  static String of(X509Certificate certificate) throws CertificateException {
    return text(CERTIFICATE, certificate.getEncoded());
  }

  /** PKCS #8, not encrypted. */
  static String of(PrivateKey key) {
    return text(KEY, key.getEncoded());
  }

  private static String text(String type, byte[] content) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Reads one certificate or more. */
  static List<X509Certificate> certificates(Path file) throws IOException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (PemObject object : objects(file)) {
      if (!object.getType().equals(CERTIFICATE)) {
        throw new UserError(file + ": expected certificates, found a " + object.getType());
      }
      try {
        certificates.add(certificate(object.getContent()));
      } catch (CertificateException e) {
        throw new UserError(file + ": not a certificate that can be read: " + e.getMessage(), e);
      }
    }
    return certificates;
  }

  /** Reads a certificate from its binary form (DER). */
  static X509Certificate certificate(byte[] encoded) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }

  /** Reads a private key for elliptic curves. */
  static PrivateKey key(Path file) throws IOException {
    PemObject object = objects(file).getFirst();
    if (!object.getType().equals(KEY)) {
      throw new UserError(
          file
              + ": expected a private key in PKCS #8 without a password (BEGIN "
              + KEY
              + "), found a "
              + object.getType()
              + "; openssl pkcs8 -topk8 -nocrypt makes one of other keys");
    }
    try {
      return KeyFactory.getInstance("EC")
          .generatePrivate(new PKCS8EncodedKeySpec(object.getContent()));
    } catch (GeneralSecurityException e) {
      throw new UserError(file + ": not a private key for elliptic curves (EC)", e);
    }
  }

  private static List<PemObject> objects(Path file) throws IOException {
    List<PemObject> objects = new ArrayList<>();
    String text = read(file);
    try (PemReader reader = new PemReader(new StringReader(text))) {
      for (PemObject o = reader.readPemObject(); o != null; o = reader.readPemObject()) {
        objects.add(o);
      }
    } catch (IOException | RuntimeException e) {
      throw new UserError(file + ": damaged PEM file: " + e.getMessage(), e);
    }
    if (objects.isEmpty()) {
      throw new UserError(file + ": expected a PEM file (-----BEGIN …), found none in it");
    }
    return objects;
  }

  private static String read(Path file) throws IOException {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new UserError(
            file + ": expected a PEM file of a few kB, found " + Files.size(file) + " bytes");
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new UserError(
          file + ": no such file; dlion certs issue makes a worker's folder, which is copied whole",
          e);
    } catch (AccessDeniedException e) {
      throw new UserError(
          file + ": may not be read by this user; run as its owner, or give it to this user", e);
    }
  }
}
