package io.dlion.cluster.local;

import io.dlion.cluster.link.Flow;
import io.dlion.cluster.link.Piece;

/**
 * The flow of a link within a process: as fast as its wire is, measured by how long handing over
 * takes.
 */
public final class ShapedFlow implements Flow {
  /** Parts of a message on a limited wire: small enough that others need not wait long. */
  private static final int PART_BYTES = 16 * 1024;

  private final Wire wire;
  private final SentRate goodput = new SentRate();

  /** A flow over this wire alone. */
  public ShapedFlow(Wire wire) {
    this.wire = wire;
  }

  @Override
  public int partBytes(int left) {
    return wire.limited() ? Math.min(PART_BYTES, left) : left;
  }

  @Override
  public void await(Piece part, int length) {
    wire.carry(length + Piece.BYTES);
  }

  @Override
  public void idle() {}

  @Override
  public void received(Piece receipt) {}

  @Override
  public void handedOver(int bytes, long nanos) {
    goodput.add(bytes, nanos);
  }

  @Override
  public double bytesPerSecond() {
    return goodput.bytesPerSecond();
  }
}
