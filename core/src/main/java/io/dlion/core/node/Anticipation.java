package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.wire.GradientMessage;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * Until a peer's gradients arrive, a worker takes them to be like its own. It steps by its own mean
 * gradient in full, {@code (b_k + Σ_j b_j) / B = 1} of it, and what a peer j did then arrives as a
 * correction: its own share j was thought to have is taken back, and what j sent put in its place,
 *
 * <pre>  w ← w − η · (b_j / B) · (Σ g_j − Σ g_k),</pre>
 *
 * both sums over the same time. Entries that a message does not carry stay as anticipated until
 * they come. Where nothing is in flight all replicas are where plain exchange would have brought
 * them; where much is, each is ahead by its own best guess instead of behind by all that is
 * missing, as in local SGD (Stich '19) with the averaging spread over links, entries and time.
 *
 * <p>Confined to its node.
 */
final class Anticipation {
  private final float[] progress;
  private final int wholeBatch;
  private final Map<WorkerId, Account> accounts = new HashMap<>();

  /** What of the own progress has been replaced by a peer's, and until when. */
  static final class Account {
    final float[] replaced;
    long nanos;

    Account(float[] replaced, long nanos) {
      this.replaced = replaced;
      this.nanos = nanos;
    }
  }

  Anticipation(int size, int wholeBatch) {
    this.wholeBatch = wholeBatch;
    progress = new float[size];
  }

  /**
   * A step is taken on a batch of that many samples, of which {@code scale · own} is the sum.
   *
   * @return what the own gradient stands in for those of all others with
   */
  float stepped(MemorySegment own, float scale, int samples) {
    float factor = scale / Math.max(samples, wholeBatch);
    Blocks.addScaled(own, factor, progress);
    return factor;
  }

  /** A peer takes part. */
  Account open(WorkerId peer, long nowNanos) {
    return accounts.computeIfAbsent(peer, p -> new Account(progress.clone(), nowNanos));
  }

  /** A peer is there no longer. */
  void close(WorkerId peer) {
    accounts.remove(peer);
  }

  /**
   * Adds a peer's message to an update, and takes back what was anticipated of it.
   *
   * @param factor weight of a sum over samples
   * @param share b_j / B, the peer's share of an update
   * @param lagNanos how long ago the message was made
   */
  void arrived(
      WorkerId from,
      GradientMessage message,
      float factor,
      float share,
      long nowNanos,
      long lagNanos,
      float[] sum) {
    Account account = open(from, nowNanos);
    double interval = nowNanos - account.nanos;
    double matched = Math.max(0, interval - lagNanos);
    float part = interval <= 0 ? 0 : (float) (matched / interval);
    account.nanos += (long) matched;
    float scaled = factor * message.header().scale();
    float[] replaced = account.replaced;
    message.deliver(
        new GradientMessage.Receiver() {
          @Override
          public void neighbours(int at, float[] values, int count) {
            for (int i = 0; i < count; i++) {
              float own = part * (progress[at + i] - replaced[at + i]);
              replaced[at + i] += own;
              sum[at + i] += scaled * values[i] - share * own;
            }
          }

          @Override
          public void scattered(int[] indices, float[] values, int count) {
            for (int i = 0; i < count; i++) {
              int at = indices[i];
              float own = part * (progress[at] - replaced[at]);
              replaced[at] += own;
              sum[at] += scaled * values[i] - share * own;
            }
          }
        });
  }
}
