package io.dlion.cluster.security;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * An SSL context all of whose sockets and engines speak TLS 1.3 and nothing older, and want the
 * other side's certificate. The JDK's own context of that name also offers TLS 1.2, and leaves
 * clients unasked; whoever forgets to say so on one socket has left a door open.
 */
final class MutualTls extends SSLContextSpi {
  private static final String PROTOCOL = "TLSv1.3";
  private static final char[] NO_PASSWORD = {};

  private final SSLContext jdk;

  private MutualTls(SSLContext jdk) {
    this.jdk = jdk;
  }

  private static final class Context extends SSLContext {
    Context(SSLContext jdk) {
      super(new MutualTls(jdk), jdk.getProvider(), PROTOCOL);
    }
  }

  static SSLContext context(X509Certificate certificate, PrivateKey key, TrustManager trust)
      throws GeneralSecurityException {
    KeyStore store = emptyStore();
    store.setKeyEntry("worker", key, NO_PASSWORD, new X509Certificate[] {certificate});
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, NO_PASSWORD);
    SSLContext jdk = SSLContext.getInstance(PROTOCOL);
    jdk.init(keys.getKeyManagers(), new TrustManager[] {trust}, null);
    return new Context(jdk);
  }

  /** In memory only. */
  static KeyStore emptyStore() throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
    return store;
  }

  private SSLParameters parameters() {
    SSLParameters parameters = jdk.getDefaultSSLParameters();
    parameters.setProtocols(new String[] {PROTOCOL});
    parameters.setNeedClientAuth(true);
    return parameters;
  }

  @Override
  protected SSLSocketFactory engineGetSocketFactory() {
    return new MutualSockets(jdk.getSocketFactory(), parameters());
  }

  @Override
  protected SSLServerSocketFactory engineGetServerSocketFactory() {
    return new MutualServerSockets(jdk.getServerSocketFactory(), parameters());
  }

  @Override
  protected SSLEngine engineCreateSSLEngine() {
    SSLEngine engine = jdk.createSSLEngine();
    engine.setSSLParameters(parameters());
    return engine;
  }

  @Override
  protected SSLEngine engineCreateSSLEngine(String host, int port) {
    SSLEngine engine = jdk.createSSLEngine(host, port);
    engine.setSSLParameters(parameters());
    return engine;
  }

  @Override
  protected SSLSessionContext engineGetServerSessionContext() {
    return jdk.getServerSessionContext();
  }

  @Override
  protected SSLSessionContext engineGetClientSessionContext() {
    return jdk.getClientSessionContext();
  }

  @Override
  protected SSLParameters engineGetDefaultSSLParameters() {
    return parameters();
  }

  @Override
  protected SSLParameters engineGetSupportedSSLParameters() {
    return parameters();
  }

  @Override
  protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
      throws KeyManagementException {
    throw new KeyManagementException("keys and trust come from a worker's credentials");
  }
}
