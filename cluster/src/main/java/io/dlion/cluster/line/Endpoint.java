package io.dlion.cluster.line;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Where a process may be reached.
 *
 * @param host an address, or a name that whoever calls looks up
 * @param port of TCP
 * @param advertised whether a person said so; else it is an address of the machine itself, which
 *     others may have, too
 */
public record Endpoint(String host, int port, boolean advertised) {
  private static final int HOST_CHARS_MAX = 255;

  /** Checks the bounds, since it may come from another machine. */
  public Endpoint {
    if (host.isEmpty() || host.length() > HOST_CHARS_MAX || port < 1 || port > 65535) {
      throw new IllegalArgumentException("no endpoint: " + host + ':' + port);
    }
  }

  /** One of this machine's addresses. */
  static Endpoint of(InetSocketAddress address) {
    return new Endpoint(address.getAddress().getHostAddress(), address.getPort(), false);
  }

  /** Looks the host up, which may take long; {@link InetSocketAddress#isUnresolved} if it fails. */
  InetSocketAddress resolve() {
    return new InetSocketAddress(host, port);
  }

  void write(DataOutput out) throws IOException {
    out.writeUTF(host);
    out.writeShort(port);
    out.writeBoolean(advertised);
  }

  static Endpoint read(DataInput in) throws IOException {
    try {
      return new Endpoint(in.readUTF(), in.readUnsignedShort(), in.readBoolean());
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
  }
}
