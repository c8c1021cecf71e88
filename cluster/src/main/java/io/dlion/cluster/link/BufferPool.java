package io.dlion.cluster.link;

import io.dlion.core.wire.Buffers;
import java.util.ArrayList;
import java.util.List;

/**
 * Arrays of messages that have been consumed, kept for the next ones, so that steady training
 * allocates nothing of the model's size. Keeps at most {@value #KEPT_MAX} arrays. Safe for several
 * threads.
 */
public final class BufferPool implements Buffers {
  private static final int KEPT_MAX = 16;

  /**
   * Sizes are rounded up to a multiple of this, because partial gradients differ a little from one
   * to the next.
   */
  private static final int GRAIN_BYTES = 64 * 1024;

  private final List<byte[]> kept = new ArrayList<>();

  @Override
  public synchronized byte[] take(int size) {
    int best = -1;
    for (int i = 0; i < kept.size(); i++) {
      int length = kept.get(i).length;
      if (length >= size && (best < 0 || length < kept.get(best).length)) {
        best = i;
      }
    }
    if (best >= 0 && kept.get(best).length / 4 <= Math.max(size, GRAIN_BYTES)) {
      return kept.remove(best);
    }
    return new byte[Math.toIntExact(Math.ceilDiv((long) size, GRAIN_BYTES) * GRAIN_BYTES)];
  }

  /** Takes an array back; the smallest is let go when there are too many. */
  synchronized void give(byte[] array) {
    kept.add(array);
    if (kept.size() > KEPT_MAX) {
      int smallest = 0;
      for (int i = 1; i < kept.size(); i++) {
        smallest = kept.get(i).length < kept.get(smallest).length ? i : smallest;
      }
      kept.remove(smallest);
    }
  }
}
