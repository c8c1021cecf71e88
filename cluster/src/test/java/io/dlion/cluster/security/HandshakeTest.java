package io.dlion.cluster.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.WorkerId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;

/** Real sockets over loopback; the deadlines are only there to end a test that would hang. */
class HandshakeTest {
  private static final int DEADLINE_SECONDS = 60;
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final Issuing ours;

  HandshakeTest() throws GeneralSecurityException, IOException {
    ours = new Issuing();
  }

  /** What the server saw: who is there, or why it refused. */
  private record Seen(String protocol, WorkerId peer) {}

  /** A client connects, and reads a byte: only then has the server looked at its certificate. */
  private static Seen connect(SSLContext server, SSLContext client) throws Exception {
    try (ExecutorService threads = Executors.newSingleThreadExecutor();
        SSLServerSocket listening =
            (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 1, LOOPBACK)) {
      Future<Seen> seen = threads.submit(() -> accept(listening));
      try (SSLSocket socket =
          (SSLSocket) client.getSocketFactory().createSocket(LOOPBACK, listening.getLocalPort())) {
        socket.setSoTimeout(DEADLINE_SECONDS * 1000);
        socket.startHandshake();
        assertThat(socket.getInputStream().read()).isEqualTo(42);
      } catch (IOException e) {
        // Who refuses says why; the other may only see that the connection is closed.
        try {
          Seen result = get(seen);
          throw new AssertionError("the server let " + result + " in, the client says " + e, e);
        } catch (SocketException closed) {
          throw e;
        }
      }
      return get(seen);
    }
  }

  private static Seen get(Future<Seen> seen) throws Exception {
    try {
      return seen.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private static Seen accept(SSLServerSocket listening) throws Exception {
    listening.setSoTimeout(DEADLINE_SECONDS * 1000);
    try (SSLSocket socket = (SSLSocket) listening.accept()) {
      socket.setSoTimeout(DEADLINE_SECONDS * 1000);
      socket.startHandshake();
      SSLSession session = socket.getSession();
      socket.getOutputStream().write(42);
      X509Certificate peer = (X509Certificate) session.getPeerCertificates()[0];
      return new Seen(session.getProtocol(), Credentials.callerOf(peer).name());
    }
  }

  private static void assertRefused(SSLContext server, SSLContext client) {
    assertThatThrownBy(() -> connect(server, client)).isInstanceOf(SSLException.class);
  }

  @Test
  void workersOfOneAuthorityMeetInTls13AndKnowEachOther() throws Exception {
    SSLContext server = ours.worker("server").sslContext();
    Seen seen = connect(server, ours.worker("client").sslContext());
    assertThat(seen).isEqualTo(new Seen("TLSv1.3", new WorkerId("client")));
  }

  @Test
  void anOperatorMayAskAtADeskAndIsNowhereTakenForAWorker() throws Exception {
    Credentials anna = ours.operator("anna");
    Credentials lyon = ours.worker("lyon");
    assertThat(connect(lyon.deskContext(), anna.deskContext()).peer())
        .isEqualTo(new WorkerId("anna"));
    assertThat(connect(lyon.deskContext(), ours.worker("rome").deskContext()).peer())
        .as("workers' certificates may ask, too")
        .isEqualTo(new WorkerId("rome"));
    assertRefused(lyon.sslContext(), anna.sslContext());
    assertRefused(anna.deskContext(), lyon.deskContext());
    assertRefused(anna.deskContext(), anna.deskContext());
    byte[] message = {1, 2, 3};
    assertThat(lyon.verify(anna.certificate(), message, anna.sign(message)))
        .as("an operator's hello")
        .isEmpty();
  }

  @Test
  void aWorkerOfAnotherAuthorityIsRefusedByBothSides() throws Exception {
    Issuing theirs = new Issuing();
    assertRefused(ours.worker("a").sslContext(), theirs.worker("b").sslContext());
    assertRefused(ours.worker("a").sslContext(), theirs.gullible("b"));
    assertRefused(theirs.gullible("b"), ours.worker("a").sslContext());
  }

  @Test
  void anExpiredCertificateIsRefusedByBothSides() throws Exception {
    SSLContext expired = ours.worker("late", -50, -1).sslContext();
    assertRefused(ours.worker("a").sslContext(), expired);
    assertRefused(expired, ours.worker("a").sslContext());
  }

  @Test
  void whoRefusesACertificateSaysWhyNowAndThen() throws Exception {
    Issuing theirs = new Issuing();
    Credentials a = ours.worker("a");
    List<String> told = new CopyOnWriteArrayList<>();
    a.whenRefused(told::add);
    String stranger =
        "refused a connection: the certificate at its other end, CN=b, is of no authority in this"
            + " worker's ca.pem";
    for (int i = 0; i < 5; i++) {
      assertRefused(theirs.gullible("b"), a.sslContext()); // as client ...
    }
    assertThat(told)
        .containsExactly(
            stranger + " (1 so far)", stranger + " (2 so far)", stranger + " (4 so far)");
    told.clear();
    // ... and as server, to which clients of other authorities show none at all
    assertRefused(a.sslContext(), ours.gullible("late", -50, -1));
    assertThat(told).singleElement().asString().contains("CN=late, expired on ");
  }

  @Test
  void whoShowsNoCertificateIsRefused() throws Exception {
    SSLContext nobody = SSLContext.getInstance("TLSv1.3");
    nobody.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
    assertRefused(ours.worker("a").sslContext(), nobody);
  }

  @Test
  void olderTlsIsRefused() throws Exception {
    Credentials a = ours.worker("a");
    for (SSLEngine engine :
        new SSLEngine[] {
          a.sslContext().createSSLEngine(), a.sslContext().createSSLEngine("peer", 7800)
        }) {
      assertThat(engine.getEnabledProtocols()).containsExactly("TLSv1.3");
      assertThat(engine.getNeedClientAuth()).isTrue();
    }
    assertThat(a.sslContext().getDefaultSSLParameters().getProtocols()).containsExactly("TLSv1.3");
    SSLContext old = SSLContext.getInstance("TLSv1.2");
    old.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
    assertRefused(a.sslContext(), old);
  }
}
