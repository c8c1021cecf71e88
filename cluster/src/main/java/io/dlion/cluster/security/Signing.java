package io.dlion.cluster.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;

/**
 * Signatures of messages: ECDSA with SHA-256. What is signed begins with words of our own, so that
 * no signature made here means anything elsewhere, in TLS least of all.
 */
final class Signing {
  static final String ALGORITHM = "SHA256withECDSA";

  private static final byte[] CONTEXT =
      "DLion worker's message\0".getBytes(StandardCharsets.US_ASCII);

  private Signing() {}

  static byte[] sign(PrivateKey key, byte[] message) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(ALGORITHM);
    signature.initSign(key);
    signature.update(CONTEXT);
    signature.update(message);
    return signature.sign();
  }

  static boolean verify(PublicKey key, byte[] message, byte[] signed)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(ALGORITHM);
    signature.initVerify(key);
    signature.update(CONTEXT);
    signature.update(message);
    try {
      return signature.verify(signed);
    } catch (SignatureException e) {
      return false; // not even the form of a signature
    }
  }

  /** Whether a key is the one that a certificate is for. */
  static boolean belongs(PrivateKey key, X509Certificate certificate) {
    byte[] probe = new byte[32];
    try {
      return verify(certificate.getPublicKey(), probe, sign(key, probe));
    } catch (GeneralSecurityException e) {
      return false; // not even of the same kind
    }
  }
}
