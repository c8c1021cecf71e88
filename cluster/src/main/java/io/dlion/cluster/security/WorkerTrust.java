package io.dlion.cluster.security;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts certificates that are valid now, of one of the given authorities (PKIX), and a worker's.
 * Where a worker is, is not looked at: machines change their addresses, and its name is what
 * counts. Immutable.
 */
final class WorkerTrust extends X509ExtendedTrustManager {
  private static final String KEY_TYPE = "EC";

  private final X509ExtendedTrustManager pkix;

  private WorkerTrust(X509ExtendedTrustManager pkix) {
    this.pkix = pkix;
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
        return new WorkerTrust(pkix);
      }
    }
    throw new GeneralSecurityException("no X.509 trust manager");
  }

  /**
   * Checks a single certificate.
   *
   * @throws CertificateException unless it is trusted
   */
  void require(X509Certificate certificate) throws CertificateException {
    checkClientTrusted(new X509Certificate[] {certificate}, KEY_TYPE);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    pkix.checkClientTrusted(chain, type);
    requireWorker(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    pkix.checkClientTrusted(chain, type, socket);
    requireWorker(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    pkix.checkClientTrusted(chain, type, engine);
    requireWorker(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    pkix.checkServerTrusted(chain, type);
    requireWorker(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    pkix.checkServerTrusted(chain, type, socket);
    requireWorker(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    pkix.checkServerTrusted(chain, type, engine);
    requireWorker(chain);
  }

  private static void requireWorker(X509Certificate[] chain) throws CertificateException {
    Names.worker(chain[0]);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return pkix.getAcceptedIssuers();
  }
}
