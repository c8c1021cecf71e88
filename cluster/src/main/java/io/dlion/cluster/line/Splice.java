package io.dlion.cluster.line;

import io.dlion.cluster.cap.Allowance;
import java.io.IOException;
import java.net.Socket;

/**
 * Copies bytes between two streams, both ways, until one of them ends. They are encrypted from end
 * to end: what is copied can neither be read nor changed here.
 */
final class Splice {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final Socket one;
  private final Socket other;
  private final Allowance allowance;

  /**
   * Nothing is copied yet.
   *
   * @param allowance what is copied has to come in, and to go out again
   */
  Splice(Socket one, Socket other, Allowance allowance) {
    this.one = one;
    this.other = other;
    this.allowance = allowance;
  }

  /** Returns when one of the streams has ended; both are closed then. */
  void run() {
    Thread back = Thread.startVirtualThread(() -> copy(other, one));
    copy(one, other);
    try {
      back.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void copy(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      while (true) {
        int count = from.getInputStream().read(buffer);
        if (count < 0) {
          return;
        }
        allowance.takeDownload(count);
        allowance.takeUpload(count);
        to.getOutputStream().write(buffer, 0, count);
      }
    } catch (IOException e) {
      // The end of one is the end of both.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close(from);
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed.
    }
  }
}
