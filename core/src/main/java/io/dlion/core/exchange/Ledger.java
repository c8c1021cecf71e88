package io.dlion.core.exchange;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.GradientSource;
import java.lang.foreign.MemorySegment;

/**
 * Residuals of all links (error feedback; Seide '14, Stich '18): what was computed and not yet
 * sent. Instead of one residual per link, to which every gradient would have to be added, it keeps
 * the sum of all gradients once and for each link the sum of what was sent over it; a link's
 * residual is their difference:
 *
 * <pre>  residual_j = total − sent_j</pre>
 *
 * A gradient then costs one pass however many links there are, and a link that is busy costs
 * nothing until it is free again and takes all that has gathered meanwhile. Sums are over samples,
 * {@code Σ b·g}, so that batches of different sizes keep their weights. Rounding: an entry of
 * {@code total} carries no larger relative error than the weight it belongs to, which is a sum of
 * the same gradients in the same precision.
 *
 * <p>Not thread safe: confined to its node.
 */
final class Ledger {
  private final float[] total;
  private final float[] block = new float[Blocks.BLOCK];

  Ledger(ParameterLayout layout) {
    this.total = new float[layout.size()];
  }

  /** Adds a gradient, times {@code scale} a sum over samples, to what has to be sent. */
  void add(MemorySegment gradient, float scale) {
    Blocks.addScaled(gradient, scale, total);
  }

  /** Adds a gradient of somebody else. */
  void add(GradientMessage message) {
    message.addTo(total, 1);
  }

  /** An account for a link that owes nothing so far. */
  Account open() {
    return new Account(total.clone());
  }

  /** What one link has been sent; as a source, what it has not. */
  final class Account implements GradientSource {
    private final float[] sent;

    private Account(float[] sent) {
      this.sent = sent;
    }

    @Override
    public void read(int offset, int count, float[] to) {
      System.arraycopy(total, offset, to, 0, count);
      System.arraycopy(sent, offset, block, 0, count);
      Blocks.subtract(block, count, to);
    }

    @Override
    public void sent(int offset, int count, float[] values) {
      for (int i = 0; i < count; i++) {
        sent(offset + i, values[i]);
      }
    }

    @Override
    public void sent(int offset, float value) {
      // Where the whole residual was sent, nothing is left, rounding included.
      sent[offset] = value == total[offset] - sent[offset] ? total[offset] : sent[offset] + value;
    }
  }
}
