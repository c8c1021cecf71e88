package io.dlion.cluster.transport;

import io.dlion.core.Phrase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
  /** Who starts together with its seeds does not find them at once. */
  private static final long PATIENT_TIMES = 4;

  private final Map<InetSocketAddress, AtomicLong> unmet = new ConcurrentHashMap<>();

  /** What resolves names. */
  interface Lookup {
    /** All addresses of a host, at least one. */
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  private final String text;
  private final List<Name> names = new ArrayList<>();
  private final Lookup lookup;
  private final long waitMillisMax;
  private final Consumer<String> say;

  /**
   * Nothing is looked up yet.
   *
   * @param waitMillisMax for lookups that take longer the next caller finds the result
   * @param say is told, on a thread of its own, of the 1st, 2nd, 4th, 8th … vain lookup of a name
   */
  SeedAddresses(SeedHosts seeds, Lookup lookup, long waitMillisMax, Consumer<String> say) {
    this.text = seeds.text();
    seeds.all().forEach(seed -> names.add(new Name(seed.host(), seed.port())));
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

  /** Which of them cannot be reached, and why; says so where that is new. */
  void met(Map<InetSocketAddress, String> vain) {
    vain.forEach((address, why) -> {
      long count = unmet.computeIfAbsent(address, _ -> new AtomicLong()).incrementAndGet();
      if (count == PATIENT_TIMES || (count > PATIENT_TIMES && Long.bitCount(count) == 1)) {
        say.accept(
            Phrase.of(
                "warning: --seeds %s: nobody answers at %s (%s)%s",
                text,
                address.getHostString() + ':' + address.getPort(),
                why,
                count == PATIENT_TIMES ? "; trying again" : " (tried " + count + " times)"));
      }
    });
    unmet.keySet().retainAll(vain.keySet());
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
                .map(address -> new InetSocketAddress(address, port))
                .toList();
        failures.set(0);
        found = now;
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
