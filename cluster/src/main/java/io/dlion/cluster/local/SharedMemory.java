package io.dlion.cluster.local;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where workers of one process leave arrays for each other, so that only a number travels through
 * the channels: JGroups would copy a message twice, and a model per peer and iteration is more than
 * a garbage collector should see. What is never fetched, because its receiver has left, goes with
 * the cluster. Safe for several threads.
 */
final class SharedMemory {
  private final AtomicLong next = new AtomicLong();
  private final Map<Long, byte[]> arrays = new ConcurrentHashMap<>();

  /** Leaves an array; answers the number under which it is found once. */
  long put(byte[] array) {
    long number = next.getAndIncrement();
    arrays.put(number, array);
    return number;
  }

  /** Fetches an array; null if nothing was left under that number. */
  byte @Nullable [] take(long number) {
    return arrays.remove(number);
  }
}
