package io.dlion.cluster.transport;

import io.dlion.core.Phrase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The addresses of seeds, as the machine resolves names: hosts file, search domains, DNS servers.
 * All are looked up again whenever workers are looked for. A name need not have an address yet, and
 * keeps those it had while a lookup fails or takes long. Thread safe.
 */
final class SeedAddresses {
  /** What resolves names. */
  interface Lookup {
    /** All addresses of a host, at least one. */
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  private final String text;
  private final List<Name> names = new ArrayList<>();
  private final Class<? extends InetAddress> family;
  private final Lookup lookup;
  private final long waitMillisMax;
  private final Consumer<String> say;

  /**
   * Nothing is looked up yet.
   *
   * @param portOffset what is added to the ports of the seeds
   * @param bind only addresses of its kind, IPv4 or IPv6, can be reached from there
   * @param waitMillisMax for lookups that take longer the next caller finds the result
   * @param say is told, on a thread of its own, of the 1st, 2nd, 4th, 8th … vain lookup of a name
   */
  SeedAddresses(
      SeedHosts seeds,
      int portOffset,
      InetAddress bind,
      Lookup lookup,
      long waitMillisMax,
      Consumer<String> say) {
    this.text = seeds.text();
    seeds.all().forEach(seed -> names.add(new Name(seed.host(), seed.port() + portOffset)));
    this.family = bind.getClass();
    this.lookup = lookup;
    this.waitMillisMax = waitMillisMax;
    this.say = say;
  }

  /** Looks all names up; does not wait for those that had no address the last time. */
  List<InetSocketAddress> addresses() {
    List<Name> waitedFor = names.stream().filter(name -> name.failures.get() == 0).toList();
    CountDownLatch pending = new CountDownLatch(waitedFor.size());
    for (Name name : names) {
      var _ =
          Thread.startVirtualThread(() -> {
            name.lookUp();
            if (waitedFor.contains(name)) {
              pending.countDown();
            }
          });
    }
    try {
      boolean _ = pending.await(waitMillisMax, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return names.stream().flatMap(name -> name.found.stream()).distinct().toList();
  }

  private final class Name {
    private final String host;
    private final int port;
    private volatile List<InetSocketAddress> found = List.of();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicLong failures = new AtomicLong();

    Name(String host, int port) {
      this.host = host;
      this.port = port;
    }

    /** Looks up, unless that is under way: a resolver may take long. */
    void lookUp() {
      if (busy.compareAndSet(false, true)) {
        try {
          resolve();
        } finally {
          busy.set(false);
        }
      }
    }

    private void resolve() {
      try {
        List<InetSocketAddress> now =
            Stream.of(lookup.addresses(host))
                .filter(family::isInstance)
                .map(address -> new InetSocketAddress(address, port))
                .toList();
        if (now.isEmpty()) {
          failed("only addresses of another kind than --bind has");
        } else {
          failures.set(0);
          found = now;
        }
      } catch (UnknownHostException e) {
        failed("no address");
      }
    }

    private void failed(String what) {
      long count = failures.incrementAndGet();
      if (Long.bitCount(count) == 1) {
        say.accept(
            Phrase.of(
                "warning: --seeds %s: \"%s\" has %s%s; looking it up again every few seconds",
                text, host, what, count == 1 ? " yet" : " (" + count + " lookups)"));
      }
    }
  }
}
