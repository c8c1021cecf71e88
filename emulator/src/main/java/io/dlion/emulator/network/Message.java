package io.dlion.emulator.network;

/** Something on its way over a link. */
final class Message {
  final long bytes;
  final Runnable left;
  final Runnable delivered;

  /** What has not left the sender yet. */
  double remaining;

  Message(long bytes, Runnable left, Runnable delivered) {
    this.bytes = bytes;
    this.left = left;
    this.delivered = delivered;
    this.remaining = bytes;
  }
}
