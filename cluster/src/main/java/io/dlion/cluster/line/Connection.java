package io.dlion.cluster.line;

import io.dlion.cluster.security.Caller;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;

/**
 * A stream whose handshake is done. It is read without a buffer: what follows may be another
 * handshake.
 *
 * @param socket the stream
 * @param in of the socket
 * @param out of the socket
 * @param speaker the name in the certificate of the other end; empty without encryption
 */
record Connection(Socket socket, DataInputStream in, DataOutputStream out, Optional<Caller> speaker)
    implements Closeable {
  /** One over a socket. */
  static Connection over(Socket socket, Optional<Caller> speaker) throws IOException {
    return new Connection(
        socket,
        new DataInputStream(socket.getInputStream()),
        new DataOutputStream(socket.getOutputStream()),
        speaker);
  }

  /** Whoever has a certificate is the one in it; and an operator is no station. */
  void requireName(Station station) throws IOException {
    requireStation();
    if (speaker.isPresent() && !speaker.get().name().name().equals(station.name())) {
      throw new IOException(
          speaker.get() + " calls itself " + station.name() + ", which its certificate does not");
    }
  }

  /** Operators may ask, and nothing else. */
  void requireStation() throws IOException {
    if (speaker.isPresent() && speaker.get().mayOperate()) {
      throw new IOException(speaker.get() + " is no worker");
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed.
    }
  }
}
