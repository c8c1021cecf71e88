package io.dlion.cluster.link;

/** How fast a link is used, and what it is known to carry. Waiting happens on the link's thread. */
public interface Flow {
  /** How many of the bytes left of a message are sent at once. */
  int partBytes(int left);

  /** Returns when the part may be sent; it counts as sent then. */
  void await(Piece part, int length) throws InterruptedException;

  /** There is nothing to send at present. */
  void idle();

  /** The receiver has taken in a message up to there. */
  void received(Piece receipt);

  /** A whole message was handed to the network, which took that long, waiting included. */
  void handedOver(int bytes, long nanos);

  /** What the link carries; 0 where it is not known yet. */
  double bytesPerSecond();
}
