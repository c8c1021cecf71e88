package io.dlion.cluster.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jgroups.Address;
import org.jgroups.blocks.cs.Connection;
import org.jgroups.blocks.cs.TcpConnection;
import org.jgroups.blocks.cs.TcpServer;
import org.jgroups.util.SocketFactory;
import org.jgroups.util.ThreadFactory;
import org.jgroups.util.Util;

/**
 * Makes and accepts a worker's connections. Whoever connects has {@value #GREETING_SECONDS} s for
 * its handshake and first words, beside all others: JGroups' own server hears them one after the
 * other, and somebody who says nothing keeps everybody out for a while.
 */
final class WorkerServer extends TcpServer {
  private static final int GREETING_SECONDS = 5;

  /** Who comes while so many have not said who they are is turned away. */
  private static final int STRANGERS_MAX = 1024;

  private final Semaphore strangers = new Semaphore(STRANGERS_MAX);

  WorkerServer(ThreadFactory threads, SocketFactory sockets, InetAddress bind, int port)
      throws Exception {
    super(threads, sockets, bind, port, port, null, 0, 0);
    acceptor = threads.newThread(new Greeter(), "dlion-accept-" + port);
  }

  ThreadFactory threads() {
    return factory;
  }

  @Override
  protected TcpConnection createConnection(Address to) throws Exception {
    return new WorkerConnection(to, this).useLockToSend(use_lock_to_send);
  }

  private final class Greeter extends Acceptor {
    @Override
    protected void handleAccept(Socket stranger) {
      if (!strangers.tryAcquire()) {
        Util.close(stranger);
        return;
      }
      var _ =
          Thread.startVirtualThread(() -> {
            try {
              greet(stranger);
            } finally {
              strangers.release();
            }
          });
    }
  }

  private void greet(Socket stranger) {
    CompletableFuture<Void> greeted = new CompletableFuture<>();
    var _ =
        greeted
            .orTimeout(GREETING_SECONDS, TimeUnit.SECONDS)
            .exceptionallyAsync(
                late -> {
                  Util.close(stranger);
                  return null;
                },
                Thread::startVirtualThread);
    try {
      WorkerConnection made = new WorkerConnection(stranger, this);
      made.useLockToSend(use_lock_to_send);
      greeted.complete(null);
      handleIncomingConnection(made.peerAddress(), made);
    } catch (Exception e) {
      log.debug("%s: turned away %s: %s", local_addr, stranger, e.getMessage());
      greeted.complete(null);
      Util.close(stranger);
    }
  }

  /** Nobody takes the place of a connection that stands with another's certificate. */
  @Override
  public void handleIncomingConnection(Address from, Connection made) throws Exception {
    if (conns.get(from) instanceof WorkerConnection standing
        && made instanceof WorkerConnection coming
        && !standing.isClosed()
        && !standing.speaker().equals(coming.speaker())) {
      throw new IOException(
          coming.speaker()
              + " says it listens at "
              + from
              + ", where "
              + standing.speaker()
              + " is");
    }
    super.handleIncomingConnection(from, made);
  }
}
