package io.dlion.cluster.link;

import io.dlion.core.wire.Payload;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A message that several links carry; its array goes back to the pool when the last of them is done
 * with it.
 */
public final class SharedPayload {
  private final Payload payload;
  private final BufferPool pool;
  private final AtomicInteger holders;

  /**
   * A payload that so many links are to send.
   *
   * @param pool gets its array when all are done
   */
  public SharedPayload(Payload payload, int holders, BufferPool pool) {
    this.payload = payload;
    this.pool = pool;
    this.holders = new AtomicInteger(holders);
  }

  Payload payload() {
    return payload;
  }

  /** One link is done with it. */
  void release() {
    if (holders.decrementAndGet() == 0) {
      pool.give(payload.bytes());
    }
  }
}
