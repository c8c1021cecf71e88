package io.dlion.cluster.desk;

import io.dlion.core.wire.MalformedMessageException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The same question to all workers that can be reached, at the same time. Whoever does not answer
 * in time is left out, and what it sends later is dropped.
 */
public final class Inquiry {
  private static final int BODY_BYTES_MAX = 4 * 1024 * 1024;

  private Inquiry() {}

  /**
   * What one of them said.
   *
   * @param contact who was asked
   * @param reply its answer; a refusal where it could not be reached, with the reason
   * @param reached whether it answered at all
   * @param body what followed the answer
   */
  public record Said(Contact contact, Reply reply, boolean reached, ByteBuffer body) {
    private static Said silent(Contact contact, String why) {
      return new Said(contact, Reply.refused(contact.name(), why), false, ByteBuffer.allocate(0));
    }

    /** The bytes of what followed. */
    public byte[] bytes() {
      byte[] copy = new byte[body.remaining()];
      body.duplicate().get(copy);
      return copy;
    }

    /** The worker's name as it says itself, else as it was found. */
    public String name() {
      return reply.worker().isEmpty() ? contact.name() : reply.worker();
    }
  }

  /**
   * Asks all.
   *
   * @param patience the longest that this takes, to find and to ask them together
   * @return in the order of their names; empty where nobody was found
   */
  public static List<Said> ofAll(DeskClient client, Command command, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    List<Contact> contacts = client.contacts(patience.multipliedBy(2).dividedBy(3));
    Map<Contact, Said> said = new ConcurrentHashMap<>();
    CountDownLatch missing = new CountDownLatch(contacts.size());
    ConcurrentLinkedQueue<InputStream> open = new ConcurrentLinkedQueue<>();
    for (Contact contact : contacts) {
      Thread.startVirtualThread(() -> {
        try {
          said.put(contact, one(client, contact, command, open));
        } finally {
          missing.countDown();
        }
      });
    }
    boolean _ = missing.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    Map<String, Said> byName = new TreeMap<>();
    for (Contact contact : contacts) {
      Said found = said.getOrDefault(contact, Said.silent(contact, "did not answer in time"));
      byName.put(found.name() + contact.id(), found);
    }
    Thread.startVirtualThread(() -> open.forEach(Inquiry::close));
    return new ArrayList<>(byName.values());
  }

  private static Said one(
      DeskClient client,
      Contact contact,
      Command command,
      ConcurrentLinkedQueue<InputStream> open) {
    try (InputStream in =
        new BufferedInputStream(client.ask(contact, new Request(command).encode()))) {
      open.add(in);
      Reply reply = Reply.read(in);
      byte[] body = in.readNBytes(BODY_BYTES_MAX + 1);
      return body.length > BODY_BYTES_MAX
          ? Said.silent(contact, "its answer is longer than " + BODY_BYTES_MAX + " bytes")
          : new Said(contact, reply, true, ByteBuffer.wrap(body));
    } catch (MalformedMessageException e) {
      return Said.silent(contact, "its answer cannot be read: " + e.getMessage());
    } catch (IOException e) {
      return Said.silent(contact, "not reached: " + e.getMessage());
    }
  }

  private static void close(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      // Nobody reads it any more.
    }
  }
}
