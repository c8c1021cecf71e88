package io.dlion.cluster.security;

import io.dlion.core.WorkerId;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A seal of a certificate (length in 2 bytes, then DER) and a signature with its key. A hello says
 * the addresses that messages of its worker come from, which are drawn at random for each life of a
 * worker: so an old hello is of no use for a new address.
 */
record CertifiedSeal(Credentials credentials) implements Security.Seal {
  @Override
  public byte[] sign(byte[] hello) {
    byte[] certificate = credentials.certificate();
    byte[] signature = credentials.sign(hello);
    return ByteBuffer.allocate(Short.BYTES + certificate.length + signature.length)
        .putShort((short) certificate.length)
        .put(certificate)
        .put(signature)
        .array();
  }

  @Override
  public boolean verifies(WorkerId claimed, byte[] hello, byte[] seal) {
    if (seal.length < Short.BYTES) {
      return false;
    }
    int end = Short.BYTES + Short.toUnsignedInt(ByteBuffer.wrap(seal).getShort());
    if (end > seal.length) {
      return false;
    }
    byte[] certificate = Arrays.copyOfRange(seal, Short.BYTES, end);
    byte[] signature = Arrays.copyOfRange(seal, end, seal.length);
    return credentials.verify(certificate, hello, signature).filter(claimed::equals).isPresent();
  }
}
