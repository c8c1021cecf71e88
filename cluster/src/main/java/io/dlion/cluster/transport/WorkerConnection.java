package io.dlion.cluster.transport;

import io.dlion.cluster.security.Credentials;
import io.dlion.core.WorkerId;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.jgroups.Address;
import org.jgroups.blocks.cs.TcpConnection;
import org.jgroups.util.ThreadFactory;

/** A connection that knows whose certificate its other end has shown. */
final class WorkerConnection extends TcpConnection {
  private final ThreadFactory threads;

  /** One to be made to there. */
  WorkerConnection(Address to, WorkerServer server) throws Exception {
    super(to, server);
    this.threads = server.threads();
  }

  /** One that was accepted; waits for the other end to say where it listens. */
  WorkerConnection(Socket accepted, WorkerServer server) throws Exception {
    super(accepted, server);
    this.threads = server.threads();
  }

  /** The name in the other end's certificate; empty without encryption. */
  Optional<WorkerId> speaker() throws SSLPeerUnverifiedException {
    if (!(sock instanceof SSLSocket secured)) {
      return Optional.empty();
    }
    try {
      X509Certificate shown = (X509Certificate) secured.getSession().getPeerCertificates()[0];
      return Optional.of(Credentials.nameOf(shown));
    } catch (CertificateException e) {
      throw new IllegalStateException("a certificate of no worker was trusted", e);
    }
  }

  /** What its thread reads is known to come from there. */
  @Override
  public void start() {
    Optional<WorkerId> speaker;
    try {
      speaker = speaker();
    } catch (SSLPeerUnverifiedException e) {
      throw new IllegalStateException(e);
    }
    receiver =
        new Receiver(threads) {
          @Override
          public void run() {
            if (speaker.isPresent()) {
              ScopedValue.where(Speakers.CONNECTED, speaker.get()).run(super::run);
            } else {
              super.run();
            }
          }
        }.start();
  }
}
