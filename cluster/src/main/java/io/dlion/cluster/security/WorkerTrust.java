package io.dlion.cluster.security;

import io.dlion.core.Phrase;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts certificates that are valid now, of one of the given authorities (PKIX), and a worker's;
 * as clients of a desk also operators'. Where a worker is, is not looked at: machines change their
 * addresses, and its name is what counts. Safe for several threads.
 */
final class WorkerTrust extends X509ExtendedTrustManager {
  private static final String KEY_TYPE = "EC";

  /** Strangers could show any number of certificates. */
  private static final int KINDS_MAX = 100;

  private final X509ExtendedTrustManager pkix;
  private final boolean operators;
  private final Refusals refusals;

  /** Counts refusals, whoever's they are. */
  private static final class Refusals {
    private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
    private volatile Consumer<String> listener = _ -> {};
  }

  private WorkerTrust(X509ExtendedTrustManager pkix, boolean operators, Refusals refusals) {
    this.pkix = pkix;
    this.operators = operators;
    this.refusals = refusals;
  }

  static WorkerTrust in(List<X509Certificate> authorities) throws GeneralSecurityException {
    KeyStore store = MutualTls.emptyStore();
    for (X509Certificate authority : authorities) {
      store.setCertificateEntry("authority-" + store.size(), authority);
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager pkix) {
        return new WorkerTrust(pkix, false, new Refusals());
      }
    }
    throw new GeneralSecurityException("no X.509 trust manager");
  }

  /** The same, but clients may also be operators: for connections that only ask. */
  WorkerTrust withOperators() {
    return new WorkerTrust(pkix, true, refusals);
  }

  /**
   * Who is told, on the thread of the connection, of the 1st, 2nd, 4th, 8th … refusal of its kind.
   */
  void whenRefused(Consumer<String> toTell) {
    refusals.listener = toTell;
  }

  /**
   * Checks a single certificate.
   *
   * @throws CertificateException unless it is trusted
   */
  void require(X509Certificate certificate) throws CertificateException {
    X509Certificate[] chain = {certificate};
    pkix.checkClientTrusted(chain, KEY_TYPE);
    CertificateNames.worker(certificate);
  }

  /** A check of the JDK. */
  private interface Check {
    void run() throws CertificateException;
  }

  private void check(X509Certificate[] chain, boolean operatorToo, Check check)
      throws CertificateException {
    try {
      check.run();
      if (operatorToo) {
        CertificateNames.caller(chain[0]);
      } else {
        CertificateNames.worker(chain[0]);
      }
    } catch (CertificateException e) {
      tell(chain[0], e);
      throw e;
    }
  }

  private void tell(X509Certificate certificate, CertificateException why) {
    String line =
        Phrase.of(
            "refused a connection: the certificate at its other end, %s, %s",
            name(certificate), reason(certificate, why));
    Map<String, AtomicLong> counts = refusals.counts;
    if (counts.size() >= KINDS_MAX && !counts.containsKey(line)) {
      return;
    }
    long count = counts.computeIfAbsent(line, _ -> new AtomicLong()).incrementAndGet();
    if (Long.bitCount(count) == 1) {
      refusals.listener.accept(line + Phrase.of(" (%d so far)", count));
    }
  }

  /** As it calls itself, whoever that is; no control characters for the screen. */
  private static String name(X509Certificate certificate) {
    String subject = certificate.getSubjectX500Principal().getName();
    return subject.substring(0, Math.min(100, subject.length())).replaceAll("\\p{Cntrl}", "?");
  }

  private static String reason(X509Certificate certificate, CertificateException why) {
    try {
      certificate.checkValidity();
    } catch (CertificateExpiredException e) {
      return "expired on " + certificate.getNotAfter().toInstant();
    } catch (CertificateNotYetValidException e) {
      return "is not valid before "
          + certificate.getNotBefore().toInstant()
          + ": is this machine's clock right?";
    }
    return why.getCause() instanceof GeneralSecurityException
        ? "is of no authority in this worker's " + Credentials.AUTHORITY
        : "is not a worker's: " + why.getMessage();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, operators, () -> pkix.checkClientTrusted(chain, type));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain, operators, () -> pkix.checkClientTrusted(chain, type, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain, operators, () -> pkix.checkClientTrusted(chain, type, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, false, () -> pkix.checkServerTrusted(chain, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain, false, () -> pkix.checkServerTrusted(chain, type, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain, false, () -> pkix.checkServerTrusted(chain, type, engine));
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return pkix.getAcceptedIssuers();
  }
}
