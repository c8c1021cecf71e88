package io.dlion.cluster.line;

import io.dlion.cluster.security.Caller;
import io.dlion.cluster.security.Credentials;
import io.dlion.cluster.security.Security;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/**
 * Handshakes: mutual TLS from end to end over any stream, which may itself be one that somebody
 * forwards; then what the caller wants, and the answer. Safe for several threads.
 *
 * @param security none for plain connections
 */
record Calls(Optional<Security> security) {
  /** Within so many milliseconds a connection is made ... */
  static final int CONNECT_MILLIS_MAX = 1500;

  /** ... and each answer to what is said on it comes. */
  private static final int ANSWER_MILLIS_MAX = 2500;

  /** What the kernel may hold back of a slow link; what it holds, nothing can overtake. */
  private static final int SEND_BUFFER_BYTES = 256 * 1024;

  /** A connection to there, on which nothing was said. */
  static Socket dial(InetSocketAddress to) throws IOException {
    if (to.isUnresolved()) {
      throw new IOException("no address of " + to.getHostString());
    }
    Socket socket = new Socket();
    try {
      prepare(socket);
      socket.connect(to, CONNECT_MILLIS_MAX);
      if (socket.getLocalSocketAddress().equals(socket.getRemoteSocketAddress())) {
        throw new IOException("connected to itself"); // a port of this machine, not yet in use
      }
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Small messages are not held back, and the kernel holds little. */
  static void prepare(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setKeepAlive(true);
    socket.setSendBufferSize(SEND_BUFFER_BYTES);
  }

  /** Shakes hands as the one who called; closes the stream if that fails. */
  Connection call(Socket raw) throws IOException {
    return shake(raw, true);
  }

  /** Shakes hands as the one who was called; closes the stream if that fails. */
  Connection greet(Socket raw) throws IOException {
    return shake(raw, false);
  }

  private Connection shake(Socket raw, boolean caller) throws IOException {
    try {
      raw.setSoTimeout(ANSWER_MILLIS_MAX);
      if (security.isEmpty()) {
        return Connection.over(raw, Optional.empty());
      }
      SSLSocket secured = security.get().over(raw, caller);
      secured.startHandshake();
      X509Certificate shown = (X509Certificate) secured.getSession().getPeerCertificates()[0];
      Caller speaker = Credentials.callerOf(shown);
      return Connection.over(secured, Optional.of(speaker));
    } catch (CertificateException e) {
      raw.close();
      throw new IOException("a certificate of nobody was trusted", e);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  /**
   * Says what is wanted, and waits for the answer.
   *
   * @throws RefusedException where the other will not
   */
  static Answer ask(Connection connection, Opening opening) throws IOException {
    opening.write(connection.out());
    Answer answer = Framing.answer(connection.in());
    connection.requireName(answer.station());
    connection.socket().setSoTimeout(0);
    return answer;
  }
}
