package io.dlion.core.wire;

/** A message of nothing but bytes: a line that has carried no traffic is measured by it. */
public final class Probe {
  /** Its size. Long enough to travel in several parts, of whose receipts a rate can be told. */
  public static final int BYTES = 48 * 1024;

  private Probe() {}

  /** A probe of {@value #BYTES} bytes. */
  public static Payload encode(long layoutFingerprint) {
    byte[] b = new byte[BYTES];
    Frame.seal(b, BYTES, MessageType.PROBE, layoutFingerprint);
    return new Payload(b, BYTES);
  }
}
