package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.Replacement;
import io.dlion.core.wire.GradientMessage;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Until a peer's gradients arrive, a worker takes them to be like its own: it steps by its own mean
 * gradient in full rather than by its share of the global batch. What a peer j really did arrives
 * as a correction, the part of the own steps that stood in for it taken back,
 *
 * <pre>  w ← w − η · (b_j / B) · (Σ g_j − Σ g_k),</pre>
 *
 * both sums over the same time. Entries that a message does not carry stay as anticipated until
 * they come. So nobody stands still while much is under way: as in local SGD (Stich, ICLR '19)
 * every worker goes on by its own best guess, with the averaging spread over links, entries and
 * time; and where all has arrived, replicas are what plain exchange makes of them.
 *
 * <p>A message was made a while before it arrives. Which part of the own steps since the one before
 * belongs to it follows from how long the link takes for it, as if steps had been even.
 *
 * <p>A batch smaller than b_0 stands in for others by {@code b / b_0} of its gradient only (the
 * linear scaling rule, Goyal et al. '17, section 2.1). Confined to its node.
 */
final class Anticipation {
  private final float[] expected;
  private final Map<WorkerId, Account> accounts = new HashMap<>();

  /** What of the own steps has been replaced by a peer's, and until when. */
  private static final class Account {
    final float[] replaced;
    long untilNanos;

    Account(float[] replaced, long untilNanos) {
      this.replaced = replaced;
      this.untilNanos = untilNanos;
    }
  }

  /** Nothing is anticipated so far, of a model of that size. */
  Anticipation(int size) {
    this.expected = new float[size];
  }

  /** The weights have become others, which lack nothing: nothing has to be replaced. */
  void restart() {
    accounts.clear();
  }

  /** These are the peers now. */
  void peers(Set<WorkerId> peers, long nowNanos) {
    accounts.keySet().retainAll(peers);
    for (WorkerId peer : peers) {
      accounts.computeIfAbsent(peer, p -> new Account(expected.clone(), nowNanos));
    }
  }

  /**
   * A step is taken on a batch of that many samples, over which {@code scale · own} is the sum.
   *
   * @param wholeBatch b_0, in samples
   * @return what the own gradient is multiplied by, times {@code 1 − b_k / B}, to stand in for all
   *     peers'
   */
  float stepped(MemorySegment own, float scale, int samples, int wholeBatch) {
    float factor = scale / Math.max(samples, wholeBatch);
    Blocks.addScaled(own, factor, expected);
    return factor;
  }

  /**
   * Adds a peer's message to an update, and takes back what was anticipated of it.
   *
   * @param from a peer
   * @param factor weight of a sum over samples, {@code 1 / B}
   * @param lagNanos how long ago the message was made
   */
  void arrived(
      WorkerId from,
      GradientMessage message,
      float factor,
      long nowNanos,
      long lagNanos,
      float[] sum) {
    Account account = accounts.get(from);
    if (account == null) { // it has left: nothing was anticipated
      message.addTo(sum, factor);
      return;
    }
    double interval = nowNanos - account.untilNanos;
    double matched = Math.max(0, interval - lagNanos);
    account.untilNanos += (long) matched;
    message.replace(
        new Replacement(
            expected,
            account.replaced,
            interval > 0 ? (float) (matched / interval) : 0,
            factor * message.header().batchSize(),
            factor * message.header().scale(),
            sum));
  }
}
