package io.dlion.cluster;

import io.dlion.core.Phrase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Finds the workers whose addresses stand behind one name, as the machine resolves names: hosts
 * file, search domains, DNS servers. The name is looked up again whenever workers are looked for,
 * and need not have an address yet; what it had before counts while it has none.
 */
final class NamedSeeds {
  /** What resolves names. */
  interface Lookup {
    /** All addresses of a host, at least one. */
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  private final Seeds seeds;
  private final int port;
  private final Class<? extends InetAddress> family;
  private final Lookup lookup;
  private final Consumer<String> say;
  private List<InetSocketAddress> found = List.of(); // guarded by this
  private long failures; // guarded by this

  /**
   * Nothing is looked up yet.
   *
   * @param seeds with a name
   * @param port where the workers behind it listen
   * @param bind only addresses of its kind, IPv4 or IPv6, can be reached from there
   * @param say is told, on the thread that looks, of the 1st, 2nd, 4th, 8th … vain lookup in a row
   */
  NamedSeeds(Seeds seeds, int port, InetAddress bind, Lookup lookup, Consumer<String> say) {
    this.seeds = seeds;
    this.port = port;
    this.family = bind.getClass();
    this.lookup = lookup;
    this.say = say;
  }

  /** Looks the name up; may block as long as that takes. */
  synchronized List<InetSocketAddress> addresses() {
    try {
      List<InetSocketAddress> now =
          Stream.of(lookup.addresses(seeds.dns()))
              .filter(family::isInstance)
              .map(address -> new InetSocketAddress(address, port))
              .toList();
      if (now.isEmpty()) {
        failed("only addresses of another kind than --bind has");
      } else {
        failures = 0;
        found = now;
      }
    } catch (UnknownHostException e) {
      failed("no address");
    }
    return found;
  }

  private void failed(String what) {
    failures++;
    if (Long.bitCount(failures) == 1) {
      say.accept(
          Phrase.of(
              "--seeds %s: the name \"%s\" has %s%s; looking it up again every few seconds",
              seeds.text(),
              seeds.dns(),
              what,
              failures == 1 ? " yet" : " (" + failures + " lookups)"));
    }
  }
}
