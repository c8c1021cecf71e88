package io.dlion.cluster.security;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;

/** Server sockets with the same parameters all, see {@link MutualTls}. */
final class MutualServerSockets extends SSLServerSocketFactory {
  private final SSLServerSocketFactory jdk;
  private final SSLParameters parameters;

  MutualServerSockets(SSLServerSocketFactory jdk, SSLParameters parameters) {
    this.jdk = jdk;
    this.parameters = parameters;
  }

  private ServerSocket strict(ServerSocket socket) {
    ((SSLServerSocket) socket).setSSLParameters(parameters);
    return socket;
  }

  @Override
  public ServerSocket createServerSocket() throws IOException {
    return strict(jdk.createServerSocket());
  }

  @Override
  public ServerSocket createServerSocket(int port) throws IOException {
    return strict(jdk.createServerSocket(port));
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog) throws IOException {
    return strict(jdk.createServerSocket(port, backlog));
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog, InetAddress bind)
      throws IOException {
    return strict(jdk.createServerSocket(port, backlog, bind));
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return jdk.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return jdk.getSupportedCipherSuites();
  }
}
