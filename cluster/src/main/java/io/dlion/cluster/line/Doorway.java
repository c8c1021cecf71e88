package io.dlion.cluster.line;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Where others call. Whoever does has {@value #GREETING_SECONDS} s for its handshake and first
 * words, beside all others: somebody who says nothing keeps nobody out.
 */
final class Doorway implements Closeable {
  private static final int GREETING_SECONDS = 5;

  /** Who comes while so many have not said what they want is turned away. */
  private static final int STRANGERS_MAX = 1024;

  private final ServerSocket server;
  private final Semaphore strangers = new Semaphore(STRANGERS_MAX);
  private final Consumer<Greeting> greeter;

  /** Somebody at the door; {@link #over} is to be called when it has said what it wants. */
  record Greeting(Socket stranger, Runnable over) {}

  /** Listens; {@code greeter} is called on a thread of its own for each stranger. */
  Doorway(InetSocketAddress bind, Consumer<Greeting> greeter) throws IOException {
    this.greeter = greeter;
    this.server = new ServerSocket();
    try {
      server.setReuseAddress(true);
      server.bind(bind);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    Thread.ofVirtual().name("dlion-accept-" + port()).start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket stranger = server.accept();
        if (strangers.tryAcquire()) {
          var _ = Thread.startVirtualThread(() -> greet(stranger));
        } else {
          stranger.close();
        }
      } catch (IOException e) {
        pause(); // closed, or the machine has no room for another at the moment
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void greet(Socket stranger) {
    CompletableFuture<Void> greeted = new CompletableFuture<>();
    var _ =
        greeted
            .orTimeout(GREETING_SECONDS, TimeUnit.SECONDS)
            .exceptionallyAsync(
                late -> {
                  close(stranger);
                  return null;
                },
                Thread::startVirtualThread);
    var _ = greeted.whenComplete((_, _) -> strangers.release());
    try {
      Calls.prepare(stranger);
      greeter.accept(new Greeting(stranger, () -> greeted.complete(null)));
    } catch (IOException e) {
      close(stranger);
    } finally {
      greeted.complete(null);
    }
  }

  private static void close(Socket stranger) {
    try {
      stranger.close();
    } catch (IOException e) {
      // It is closed.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
