package io.dlion.cluster.transport;

import io.dlion.core.UserError;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Where a worker looks for its peers: the addresses of some of them, or names that have such
 * addresses. Nothing is looked up here: see {@link SeedAddresses}.
 *
 * @param text as it was given
 * @param all at least one
 */
public record SeedHosts(String text, List<Seed> all) {
  private static final String DNS = "dns:";

  /** Copies the list. */
  public SeedHosts {
    all = List.copyOf(all);
  }

  /**
   * Where control channels listen.
   *
   * @param host an address, or a name with one address or several
   * @param port the same behind all addresses of a name
   */
  public record Seed(String host, int port) {
    /** Reads {@code HOST:PORT}; an IPv6 address stands in brackets. */
    private static Seed parse(String flag, String text) {
      int colon = text.lastIndexOf(':');
      if (colon < 1 || (text.indexOf(':') != colon && !text.startsWith("["))) {
        throw new UserError(
            flag + ": expected HOST:PORT such as 10.0.0.1:7800, found \"" + text + '"');
      }
      return new Seed(text.substring(0, colon), parsePort(flag, text.substring(colon + 1)));
    }
  }

  /**
   * Reads {@code HOST:PORT,HOST:PORT}. A host may be written {@code dns:NAME}.
   *
   * @throws UserError where it is something else
   */
  public static SeedHosts parse(String text) {
    List<Seed> all = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String seed = part.strip();
      all.add(Seed.parse("--seeds", seed.startsWith(DNS) ? seed.substring(DNS.length()) : seed));
    }
    return new SeedHosts(text, all);
  }

  /**
   * Reads {@code HOST:PORT} and looks the host up.
   *
   * @param flag what the text was given for
   * @throws UserError where it is something else, or the host has no address
   */
  public static InetSocketAddress address(String flag, String text) {
    Seed seed = Seed.parse(flag, text);
    try {
      return new InetSocketAddress(InetAddress.getByName(seed.host()), seed.port());
    } catch (UnknownHostException e) {
      throw new UserError(flag + ": no such host: " + seed.host(), e);
    }
  }

  /**
   * All addresses of all seeds as they are at the moment; looking up may take long.
   *
   * @param say is told of seeds that have none
   */
  public List<InetSocketAddress> addresses(Consumer<String> say) {
    List<InetSocketAddress> found = new ArrayList<>();
    for (Seed seed : all) {
      try {
        for (InetAddress address : InetAddress.getAllByName(seed.host())) {
          found.add(new InetSocketAddress(address, seed.port()));
        }
      } catch (UnknownHostException e) {
        say.accept("--seeds: no such host: " + seed.host());
      }
    }
    return found;
  }

  /**
   * Reads {@code HOST:PORT}; the host is not looked up.
   *
   * @param flag what the text was given for
   * @throws UserError where it is something else
   */
  public static Seed one(String flag, String text) {
    return Seed.parse(flag, text);
  }

  private static int parsePort(String flag, String text) {
    int highest = 65535;
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
