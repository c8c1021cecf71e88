package io.dlion.cluster.transport;

import io.dlion.core.WorkerId;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jgroups.Address;
import org.jgroups.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which certificate each JGroups address speaks with. The certificate is that of the connection a
 * message came over; the source address is in the message, and whoever sent it could write any. The
 * first message from an address binds it to its certificate, for as long as it is in view: messages
 * from it that come with another are forged. Without encryption nobody has a certificate, and
 * everything is admitted. Safe for several threads.
 */
public final class Speakers {
  /**
   * Bound on threads that read a connection: the name in the certificate of its other end. Not
   * bound where there are no certificates.
   */
  static final ScopedValue<WorkerId> CONNECTED = ScopedValue.newInstance();

  /** Of each channel's view, and of those who are not in it yet. */
  private static final int ADDRESSES_MAX = 4096;

  private final Map<Address, WorkerId> bound = new ConcurrentHashMap<>();
  private final Map<Forgery, AtomicLong> forged = new ConcurrentHashMap<>();
  private final Listener listener;

  /** Messages of a kind that is counted together. */
  private record Forgery(WorkerId by, String as) {}

  /** Is told of forged messages. */
  public interface Listener {
    /**
     * Messages were dropped.
     *
     * @param by the name in the certificate they came with
     * @param as whom they claim to be from
     * @param count how many so far
     */
    void forged(WorkerId by, String as, long count);
  }

  /** Nobody has spoken yet; the listener is told of the 1st, 2nd, 4th, 8th … forged message. */
  public Speakers(Listener listener) {
    this.listener = listener;
  }

  /** Whether a message from there is to be believed; asked on the thread that has read it. */
  boolean admits(@Nullable Address source) {
    if (!CONNECTED.isBound()) {
      return true;
    }
    WorkerId speaker = CONNECTED.get();
    if (!(source instanceof UUID)) {
      refuse(speaker, "an address of another kind");
      return false;
    }
    WorkerId owner = bound.get(source);
    if (owner == null && bound.size() < ADDRESSES_MAX) {
      owner = bound.putIfAbsent(source, speaker);
      owner = owner == null ? speaker : owner;
    }
    if (owner == null) {
      return false; // as if lost on the way: addresses that are in no view are forgotten soon
    }
    if (!owner.equals(speaker)) {
      refuse(speaker, owner.name());
      return false;
    }
    return true;
  }

  /** One worker claims what belongs to another. */
  private void refuse(WorkerId by, String as) {
    long count =
        forged.computeIfAbsent(new Forgery(by, as), f -> new AtomicLong()).incrementAndGet();
    if (Long.bitCount(count) == 1) {
      listener.forged(by, as, count);
    }
  }

  /** Whether an address does not speak with another certificate than that of this name. */
  public boolean mayBe(Address address, WorkerId name) {
    return bound.getOrDefault(address, name).equals(name);
  }

  /** Forgets all addresses but these. */
  public void retain(Collection<Address> inView) {
    bound.keySet().retainAll(inView);
  }
}
