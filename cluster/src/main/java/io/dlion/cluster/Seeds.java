package io.dlion.cluster;

import io.dlion.core.UserError;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a worker looks for the others: at some of their addresses, or under a name whose DNS
 * records are all of them (a headless service of Kubernetes).
 *
 * @param text as it was given
 * @param hosts addresses of control channels; empty with {@code dns}
 * @param dns a DNS name; empty with {@code hosts}
 * @param dnsPort the port of all control channels behind the DNS name
 */
public record Seeds(String text, List<InetSocketAddress> hosts, String dns, int dnsPort) {
  private static final String DNS = "dns:";

  /** Copies the addresses. */
  public Seeds {
    hosts = List.copyOf(hosts);
  }

  /**
   * Reads {@code HOST:PORT,HOST:PORT} or {@code dns:NAME:PORT}.
   *
   * @throws UserError where it is neither, or a host is not known
   */
  public static Seeds parse(String text) {
    if (text.startsWith(DNS)) {
      String rest = text.substring(DNS.length());
      int colon = rest.lastIndexOf(':');
      if (colon < 1) {
        throw new UserError("--seeds: expected dns:NAME:PORT, found \"" + text + '"');
      }
      return new Seeds(
          text, List.of(), rest.substring(0, colon), port("--seeds", rest.substring(colon + 1)));
    }
    List<InetSocketAddress> hosts = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      hosts.add(address("--seeds", part.strip()));
    }
    return new Seeds(text, hosts, "", 0);
  }

  /**
   * Reads {@code HOST:PORT}; the host may be an IPv6 address in brackets.
   *
   * @param flag what the text was given for
   */
  public static InetSocketAddress address(String flag, String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || (text.indexOf(':') != colon && !text.startsWith("["))) {
      throw new UserError(
          flag + ": expected HOST:PORT such as 10.0.0.1:7800, found \"" + text + '"');
    }
    int port = port(flag, text.substring(colon + 1));
    String host = text.substring(0, colon);
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw new UserError(flag + ": no such host: " + host, e);
    }
  }

  private static int port(String flag, String text) {
    int highest = 65535 - TcpStack.BULK_PORT_OFFSET;
    if (text.matches("\\d{1,5}")
        && Integer.parseInt(text) >= 1
        && Integer.parseInt(text) <= highest) {
      return Integer.parseInt(text);
    }
    throw new UserError(
        flag
            + ": expected a port from 1 to "
            + highest
            + " behind the colon, found \""
            + text
            + '"');
  }
}
