package io.dlion.cluster.line;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;

/**
 * Ports for processes of this machine that are about to be started. They lie below the range from
 * which systems take the ports of outgoing connections (RFC 6335 and Linux): else such a connection
 * could have the port before the process listens there.
 */
public final class FreePort {
  private static final int LEAST = 11_000;
  private static final int MOST = 32_000;
  private static final int ATTEMPTS = 1000;
  private static final SecureRandom RANDOM = new SecureRandom();

  private FreePort() {}

  /** A port of the loopback interface where nobody listens. */
  public static int next() throws IOException {
    return address().getPort();
  }

  /** An address of the loopback interface where nobody listens. */
  public static InetSocketAddress address() throws IOException {
    InetAddress here = InetAddress.ofLiteral("127.0.0.1");
    IOException why = new IOException("no free port on the loopback interface");
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = RANDOM.nextInt(LEAST, MOST);
      try (ServerSocket free = new ServerSocket(port, 1, here)) {
        return new InetSocketAddress(here, free.getLocalPort());
      } catch (IOException e) {
        why.addSuppressed(e);
      }
    }
    throw why;
  }
}
