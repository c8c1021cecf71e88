package io.dlion.cluster.line;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a process listens, and what it tells others of that.
 *
 * @param bind an address of this machine, or the wildcard for all of them; port 0 takes a free one
 * @param advertised where others reach it, where a person says so: behind a forwarded port, in a
 *     container
 */
public record Whereabouts(InetSocketAddress bind, Optional<Endpoint> advertised) {
  /** Without anything to tell. */
  public static Whereabouts at(InetSocketAddress bind) {
    return new Whereabouts(bind, Optional.empty());
  }

  /**
   * Where it may be reached at the moment: addresses come and go. With the wildcard these are all
   * of the machine, without those of its loopback, unless there are no others.
   *
   * @param port on which it listens
   */
  List<Endpoint> endpoints(int port) {
    List<Endpoint> all = new ArrayList<>(advertised.stream().toList());
    for (InetAddress address : addresses()) {
      Endpoint own = Endpoint.of(new InetSocketAddress(address, port));
      if (all.size() < Station.ENDPOINTS_MAX && all.stream().noneMatch(e -> isSame(e, own))) {
        all.add(own);
      }
    }
    return all;
  }

  private static boolean isSame(Endpoint one, Endpoint other) {
    return one.host().equals(other.host()) && one.port() == other.port();
  }

  private List<InetAddress> addresses() {
    if (!bind.getAddress().isAnyLocalAddress()) {
      return List.of(bind.getAddress());
    }
    List<InetAddress> others = new ArrayList<>();
    try {
      for (NetworkInterface device : NetworkInterface.networkInterfaces().toList()) {
        if (device.isUp() && !device.isLoopback()) {
          device.inetAddresses().filter(Whereabouts::canBeReached).forEach(others::add);
        }
      }
    } catch (IOException e) {
      return others; // the machine does not tell: others have to be called from here
    }
    return others.isEmpty() ? List.of(InetAddress.getLoopbackAddress()) : others;
  }

  /** An address that means something on other machines; IPv6 has some for the own wire only. */
  private static boolean canBeReached(InetAddress address) {
    return !(address instanceof Inet6Address six && six.isLinkLocalAddress());
  }
}
