package io.dlion.cluster.tcp;

import io.dlion.cluster.group.Hello;
import io.dlion.cluster.group.SealedHellos;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends the hellos that are due. One thread at a time takes and sends them, and others leave theirs
 * to it: of two hellos to one peer the older must not arrive last, or it would count.
 */
final class Greeter {
  private final Company company;
  private final Membership membership;
  private final SealedHellos hellos;
  private final Sender sender;

  /** Asked to send hellos so many times since it was last done. */
  private final AtomicInteger due = new AtomicInteger();

  Greeter(Company company, Membership membership, SealedHellos hellos, Sender sender) {
    this.company = company;
    this.membership = membership;
    this.hellos = hellos;
    this.sender = sender;
  }

  /** Sends what is due, unless another thread is about to. */
  void greet() {
    int asked = due.incrementAndGet();
    if (asked > 1) {
      return;
    }
    try {
      do {
        Map<UUID, Hello> greetings = membership.takeGreetings();
        greetings.forEach(this::greet);
        asked = due.addAndGet(-asked);
      } while (asked > 0);
    } catch (RuntimeException e) {
      due.set(0); // else nobody would send hellos any more
      throw e;
    }
  }

  private void greet(UUID to, Hello h) {
    Hello hello = h.start().map(s -> h.training(s, h.encoding(), company.elapsedNanos())).orElse(h);
    byte[] bytes = hellos.sealed(hello);
    sender.send(Directory.address(to), Tag.HELLO, bytes, bytes.length, false);
  }
}
