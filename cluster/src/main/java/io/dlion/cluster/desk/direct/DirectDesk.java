package io.dlion.cluster.desk.direct;

import io.dlion.cluster.desk.Desk;
import io.dlion.cluster.desk.Request;
import io.dlion.cluster.security.Caller;
import io.dlion.cluster.security.Credentials;
import io.dlion.cluster.tcp.TcpChannels;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLSocket;

/**
 * Listens for those who ask, on a port of its own {@value #PORT_OFFSET} above a worker's. A request
 * is its length (4 bytes) and its bytes; the answer ends with the connection.
 */
public final class DirectDesk implements AutoCloseable {
  /** From a worker's port to that of its desk. */
  public static final int PORT_OFFSET = 20;

  private static final int CALLERS_MAX = 64;
  private static final int SILENCE_MILLIS_MAX = 10_000;

  private final ServerSocket listening;
  private final Desk desk;
  private final Semaphore free = new Semaphore(CALLERS_MAX);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private DirectDesk(ServerSocket listening, Desk desk) {
    this.listening = listening;
    this.desk = desk;
  }

  /**
   * Opens the desk of the worker that listens at an address.
   *
   * @param credentials empty without encryption
   * @throws IOException if the port is taken
   */
  public static DirectDesk open(
      InetSocketAddress worker, Optional<Credentials> credentials, Desk desk) throws IOException {
    int port = worker.getPort() + PORT_OFFSET;
    try {
      DirectDesk made = new DirectDesk(listen(worker.getAddress(), port, credentials), desk);
      Thread.ofVirtual().name("dlion-desk").start(made::accept);
      return made;
    } catch (IOException e) {
      throw new IOException(
          TcpChannels.cannotListen(worker) + ", and " + port + " (" + e.getMessage() + ')', e);
    }
  }

  private static ServerSocket listen(
      InetAddress address, int port, Optional<Credentials> credentials) throws IOException {
    return credentials.isPresent()
        ? credentials
            .get()
            .deskContext()
            .getServerSocketFactory()
            .createServerSocket(port, CALLERS_MAX, address)
        : new ServerSocket(port, CALLERS_MAX, address);
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        if (free.tryAcquire()) {
          open.add(socket);
          Thread.startVirtualThread(() -> serve(socket));
        } else {
          socket.close();
        }
      } catch (IOException e) {
        // Closed, or a caller that was gone before it was accepted.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setSoTimeout(SILENCE_MILLIS_MAX);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int length = in.readInt();
      if (length < 0 || length > Request.BYTES_MAX) {
        return;
      }
      byte[] request = in.readNBytes(length);
      OutputStream out = socket.getOutputStream();
      desk.answer(caller(socket), request, out);
      out.flush();
    } catch (IOException | CertificateException e) {
      // A caller that is gone, or that must not call: the handshake has told whom it concerns.
    } finally {
      open.remove(socket);
      free.release();
    }
  }

  private static Optional<Caller> caller(Socket socket) throws IOException, CertificateException {
    return socket instanceof SSLSocket secure
        ? Optional.of(
            Credentials.callerOf((X509Certificate) secure.getSession().getPeerCertificates()[0]))
        : Optional.empty();
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      // It listens no more.
    }
  }
}
