package io.dlion.core.exchange;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.wire.GradientMessage;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Residuals of all links (error feedback; Seide '14, Stich '18): what was computed and not yet
 * sent. Instead of one residual per link, to which every gradient would have to be added, it keeps
 * the sum of all gradients once and for each link the sum of what was sent over it; a link's
 * residual is their difference:
 *
 * <pre>  residual_j = total − sent_j</pre>
 *
 * A gradient then costs one pass however many links there are, and a link that is busy costs
 * nothing until it is free again and takes all that has gathered meanwhile. Sums are of weighted
 * gradients, so that batches of different sizes keep their weights. Rounding: an entry of {@code
 * total} carries no larger relative error than the weight it belongs to, which is a sum of the same
 * gradients in the same precision.
 *
 * <p>Not thread safe: confined to its node.
 */
final class Ledger {
  private final float[] total;
  private final float[] block = new float[Blocks.BLOCK];
  private final float[] sum = new float[Blocks.BLOCK];
  private MemorySegment incoming = MemorySegment.NULL;
  private float incomingScale;
  private final boolean[] added;

  /** Of closed accounts, for the next: a link may change its mind every time. */
  private final Deque<float[]> spare = new ArrayDeque<>();

  Ledger(ParameterLayout layout) {
    this.total = new float[layout.size()];
    this.added = new boolean[Math.ceilDiv(total.length, Blocks.BLOCK)];
    Arrays.fill(added, true);
  }

  /**
   * Adds a gradient, times {@code scale}, to what has to be sent: block by block when an account is
   * looked at there, so that the total goes through the cache once for both. The gradient must stay
   * as it is until {@link #complete}.
   */
  void add(MemorySegment gradient, float scale) {
    incoming = gradient;
    incomingScale = scale;
    Arrays.fill(added, false);
  }

  /** Adds what nobody has looked at yet. */
  void complete() {
    bringUpToDate(0, total.length);
    incoming = MemorySegment.NULL;
  }

  private void bringUpToDate(int offset, int count) {
    for (int b = offset / Blocks.BLOCK; b * Blocks.BLOCK < offset + count; b++) {
      if (!added[b]) {
        added[b] = true;
        addBlock(b * Blocks.BLOCK);
      }
    }
  }

  private void addBlock(int at) {
    int count = Math.min(Blocks.BLOCK, total.length - at);
    Blocks.read(incoming, at, count, block);
    System.arraycopy(total, at, sum, 0, count);
    Blocks.addScaled(block, count, incomingScale, sum);
    System.arraycopy(sum, 0, total, at, count);
  }

  /** Adds a gradient of somebody else at once. */
  void add(GradientMessage message) {
    message.addTo(total, 1);
  }

  /** An account for a link that owes nothing so far. */
  Account open() {
    float[] sent = spare.isEmpty() ? new float[total.length] : spare.pop();
    System.arraycopy(total, 0, sent, 0, total.length);
    return new Account(sent);
  }

  private static void mark(
      float[] total, float[] sent, int offset, int count, float inverse, int[] marks) {
    for (int i = 0; i < count; i++) {
      marks[i] = Math.min(1, (int) (Math.abs(total[offset + i] - sent[offset + i]) * inverse));
    }
  }

  /** What one link has been sent; as a source, what it has not. */
  final class Account implements Pending {
    private final float[] sent;

    private Account(float[] sent) {
      this.sent = sent;
    }

    /** Nothing is owed any more; the account must not be used again. */
    void close() {
      spare.push(sent);
    }

    @Override
    public void read(int offset, int count, float[] to) {
      bringUpToDate(offset, count);
      System.arraycopy(total, offset, to, 0, count);
      System.arraycopy(sent, offset, block, 0, count);
      Blocks.subtract(block, count, to);
    }

    @Override
    public void mark(int offset, int count, float inverse, int[] marks) {
      bringUpToDate(offset, count);
      Ledger.mark(total, sent, offset, count, inverse, marks);
    }

    @Override
    public void pick(int offset, int[] positions, int count, float[] values) {
      for (int i = 0; i < count; i++) {
        int at = offset + positions[i];
        values[i] = total[at] - sent[at];
      }
    }

    @Override
    public void sent(int offset, int count, float[] values) {
      for (int i = 0; i < count; i++) {
        sent(offset + i, values[i]);
      }
    }

    @Override
    public void sent(int offset, int[] indices, float[] values, int first, int end) {
      for (int i = first; i < end; i++) {
        sent(offset + indices[i], values[i]);
      }
    }

    private void sent(int offset, float value) {
      // Where the whole residual was sent, nothing is left, rounding included.
      sent[offset] = value == total[offset] - sent[offset] ? total[offset] : sent[offset] + value;
    }
  }
}
