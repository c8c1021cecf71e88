package io.dlion.cluster.cap;

/**
 * What a worker's {@link Caps} allow it, shared by all that sends and takes for it. Those who wait
 * take turns, each getting the same share of the bytes; who has nothing takes nothing. Bytes are
 * those on the wire: see {@link #onWire}. Safe for several threads.
 */
public interface Allowance {
  /** Allows everything, and costs nothing. */
  Allowance NONE = new Unlimited();

  /** What surrounds a message: headers of JGroups, TLS, TCP, IP and Ethernet. */
  int MESSAGE_BYTES = 180;

  /** A packet has 1448 bytes and 66 of headers of its own. */
  int BYTES_PER_PACKET = 1448;

  /** See {@link #BYTES_PER_PACKET}. */
  int PACKET_BYTES = 66;

  /** That of these caps, by this machine's clocks. */
  static Allowance of(Caps caps) {
    return caps.isNone() ? NONE : new CappedAllowance(caps, SiteTime::now, System::nanoTime);
  }

  /** What so many bytes of a message come to on the wire, nearly. */
  static int onWire(int bytes) {
    return bytes + MESSAGE_BYTES + bytes / BYTES_PER_PACKET * PACKET_BYTES;
  }

  /** Returns when this thread may send so many bytes; they count as sent then. */
  void takeUpload(int bytes) throws InterruptedException;

  /** Returns when this thread may take so many bytes; they count as taken then. */
  void takeDownload(int bytes) throws InterruptedException;

  /**
   * Runs something when so many bytes, which have come, might have come as fast as is allowed: at
   * once, on this thread, or later on another. Of one sender one after the other.
   *
   * @param from takes turns with other senders
   */
  void afterDownload(Object from, int bytes, Runnable then);

  /** So many bytes are sent and cannot wait, such as a small message: the rest does. */
  void chargeUpload(int bytes);

  /** So many bytes have come for which nobody waits. */
  void chargeDownload(int bytes);

  /** What is allowed at present. */
  Limits limits();
}
