package io.dlion.cluster;

import io.dlion.core.wire.Payload;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A message that several links carry; its array goes back to the pool when the last of them is done
 * with it.
 */
final class SharedPayload {
  private final Payload payload;
  private final BufferPool pool;
  private final AtomicInteger holders;

  SharedPayload(Payload payload, int holders, BufferPool pool) {
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
