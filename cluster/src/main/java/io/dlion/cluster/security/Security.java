package io.dlion.cluster.security;

import io.dlion.core.WorkerId;
import javax.net.ssl.SSLContext;

/**
 * What a worker proves who it is with, and checks the others by.
 *
 * @param context with this worker's key and the authority that all others' certificates come from
 * @param seal binds what a worker says of itself to its certificate
 */
public record Security(SSLContext context, Seal seal) {
  /** That of a worker with these credentials. */
  public static Security of(Credentials credentials) {
    return new Security(credentials.sslContext(), new CertifiedSeal(credentials));
  }

  /** Signs hellos, and checks those of others. Safe for several threads. */
  public interface Seal {
    /** Signature with certificate over these bytes, as this worker's. */
    byte[] sign(byte[] hello);

    /** Whether the certificate in a seal is of that name, and the signature over these bytes. */
    boolean verifies(WorkerId claimed, byte[] hello, byte[] signature);
  }
}
