package io.dlion.emulator.network;

import io.dlion.core.node.Priority;

/** Something on its way over a link. */
final class Message {
  final long bytes;
  final Priority priority;
  final Runnable left;
  final Runnable delivered;

  /** Whether its last byte has left once, and its sender knows. */
  boolean told;

  /** Counts up when it is lost on the way, and sent again. */
  int losses;

  /** What has not left the sender yet. */
  double remaining;

  Message(long bytes, Priority priority, Runnable left, Runnable delivered) {
    this.bytes = bytes;
    this.priority = priority;
    this.left = left;
    this.delivered = delivered;
    this.remaining = bytes;
  }
}
