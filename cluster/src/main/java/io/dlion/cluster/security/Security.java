package io.dlion.cluster.security;

import io.dlion.core.WorkerId;
import java.io.IOException;
import java.net.Socket;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * What a worker proves who it is with, and checks the others by.
 *
 * @param context with this worker's key and the authority that all others' certificates come from
 * @param seal binds what a worker says of itself to its certificate
 */
public record Security(SSLContext context, Seal seal) {
  /** That of a worker with these credentials. */
  public static Security of(Credentials credentials) {
    return new Security(credentials.deskContext(), new CertifiedSeal(credentials));
  }

  /**
   * TLS over a stream; the handshake has not begun.
   *
   * @param raw is closed with it
   * @param caller whether this side begins the handshake
   */
  public SSLSocket over(Socket raw, boolean caller) throws IOException {
    // Sessions are not taken up again: that goes by the address, and several may be behind one.
    String nobody = UUID.randomUUID().toString();
    SSLSocket made =
        (SSLSocket) context.getSocketFactory().createSocket(raw, nobody, raw.getPort(), true);
    if (!caller) {
      SSLParameters parameters = made.getSSLParameters();
      made.setUseClientMode(false);
      parameters.setNeedClientAuth(true);
      made.setSSLParameters(parameters);
    }
    return made;
  }

  /** Signs hellos, and checks those of others. Safe for several threads. */
  public interface Seal {
    /** Signature with certificate over these bytes, as this worker's. */
    byte[] sign(byte[] hello);

    /** Whether the certificate in a seal is of that name, and the signature over these bytes. */
    boolean verifies(WorkerId claimed, byte[] hello, byte[] signature);
  }
}
