package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.Likeness;
import io.dlion.core.kernel.Part;
import io.dlion.core.kernel.Replacement;
import io.dlion.core.wire.GradientHeader;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * Until a peer's gradients arrive, a worker takes them to be like its own: it steps by its own mean
 * gradient in full rather than by its share of the global batch. What a peer j really did arrives
 * as a correction, the part of the own steps that stood in for it taken back,
 *
 * <pre>  w ← w − η · (b_j / B) · (Σ g_j − Σ g_k),</pre>
 *
 * both sums over the same time. Batch sizes may change all the time, as speeds do; what peers'
 * parts add up to must be what was anticipated for all of them: it is that, {@code 1 − b_k / B} of
 * each own step, which is taken back, divided among peers by the mean batch sizes of their recent
 * messages. Entries that a message does not carry stay as anticipated until they come. So nobody
 * stands still while much is under way: as in local SGD (Stich, ICLR '19) every worker goes on by
 * its own best guess, with the averaging spread over links, entries and time; and where all has
 * arrived, replicas are what plain exchange makes of them.
 *
 * <p>A message was made a while before it arrives. Which part of the own steps since the one before
 * belongs to it follows from how long the link takes for it, as if steps had been even.
 *
 * <p>A batch smaller than b_0 stands in for others by {@code b / b_0} of its gradient only (the
 * linear scaling rule, Goyal et al. '17, section 2.1).
 *
 * <p>Where each worker has data of another kind, peers' gradients are not like its own, and steps
 * in their name lead away from where all want to go. What arrives tells, see {@link Confidence}.
 * Others' shares are then anticipated only in part, κ; and as large steps that nobody has balanced
 * yet drive workers apart, what a worker computes counts for {@code 0.3 + 0.7 κ} of itself, with
 * itself and with all to whom it is sent. So replicas remain what plain exchange makes of them, of
 * smaller steps. Confined to its node.
 */
final class Anticipation {
  private final float[] expected;
  private final float[] block;
  private final Likeness likeness;
  private final Map<WorkerId, Account> accounts = new HashMap<>();

  private final RandomDivision division;

  private final Confidence confidence = new Confidence();

  /** The cosine that peers' recent messages would have with data divided at random. */
  private double usual;

  /** What of the own steps has been replaced by a peer's, and until when. */
  private static final class Account {
    final float[] replaced;
    long untilNanos;

    /** Mean batch size of the peer, recent messages counting more; 0 before the first. */
    double batch;

    /** The cosine that the peer has found, 0 if it knows none. */
    double cosine;

    /** All samples that its messages are made of; 0 before the first. */
    long samples;

    Account(float[] replaced, long untilNanos) {
      this.replaced = replaced;
      this.untilNanos = untilNanos;
    }
  }

  /**
   * Nothing is anticipated so far.
   *
   * @param size of the model
   * @param division how unlike gradients are by chance
   */
  Anticipation(int size, RandomDivision division) {
    this.division = division;
    this.expected = new float[size];
    this.block = new float[Math.min(Blocks.BLOCK, size)];
    this.likeness = new Likeness(size);
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
   * The cosine between what was anticipated and what came, for peers to know: a negative one as far
   * as it is neither noise nor usual with data divided at random; 0 if unknown.
   */
  double cosine() {
    return likeness.certain();
  }

  /** What an own gradient counts for, to this worker and to all. */
  double weight() {
    return confidence.weight();
  }

  /** What people should know of its confidence since they were told last. */
  Optional<String> news() {
    return confidence.news();
  }

  /**
   * A step is taken on a batch of that many samples, whose gradient is {@code scale · own}.
   *
   * @param parts of the step: what makes a note of what is anticipated goes to their end, for what
   *     has arrived replaces what was anticipated before
   * @param batch b_k, of those gradients that {@code own} is made of
   * @param wholeBatch b_0, in samples
   * @param share what the own gradient counts for, {@code b_k / B}; it is weighted so already
   * @return what the own gradient is multiplied by to stand in for all peers'
   */
  float stepped(
      MemorySegment own,
      float scale,
      double batch,
      int wholeBatch,
      double share,
      List<Part> parts) {
    double others = Math.max(0, 1 - share);
    double trusted = Math.min(1, batch / wholeBatch);
    float factor = (float) (confidence.value() * others * trusted * scale / share);
    Part noted = Part.of(own, factor);
    parts.add((at, count, _) -> {
      System.arraycopy(expected, at, block, 0, count);
      noted.addTo(at, count, block);
      System.arraycopy(block, 0, expected, at, count);
    });
    return factor;
  }

  /**
   * What of the own steps a peer's message takes the place of.
   *
   * @param from a peer
   * @param entries share of the model's entries that the message carries
   * @param factor weight of what it has sent
   * @param lagNanos how long ago the message was made
   * @return empty if nothing was anticipated of it: it has left
   */
  Optional<Replacement> arrived(
      WorkerId from,
      GradientHeader header,
      double entries,
      float factor,
      long nowNanos,
      long lagNanos) {
    Account account = accounts.get(from);
    if (account == null) {
      return Optional.empty();
    }
    double interval = nowNanos - account.untilNanos;
    double matched = Math.max(0, interval - lagNanos);
    account.untilNanos += (long) matched;
    double batch = header.batchSize();
    account.batch = account.batch == 0 ? batch : 0.8 * account.batch + 0.2 * batch;
    account.cosine = header.likeness();
    likeness.next(usual);
    usual = usual(account, header, entries);
    confidence.heard(
        DoubleStream.concat(
            DoubleStream.of(cosine()), accounts.values().stream().mapToDouble(a -> a.cosine)));
    return Optional.of(
        new Replacement(
            expected,
            account.replaced,
            interval > 0 ? (float) (matched / interval) : 0,
            partOf(account),
            factor * header.scale(),
            likeness,
            (float) (1 / confidence.value())));
  }

  /** An entry is sent as often as messages carry it. */
  private double usual(Account account, GradientHeader header, double entries) {
    long since = account.samples == 0 ? 0 : Math.max(0, header.samples() - account.samples);
    account.samples = header.samples();
    return division.cosine(accounts.size() + 1, header.batchSize(), since / entries);
  }

  /** A peer's part of all peers' samples; those not heard of yet are taken for average ones. */
  private float partOf(Account one) {
    double mean =
        accounts.values().stream()
            .mapToDouble(account -> account.batch)
            .filter(batch -> batch > 0)
            .average()
            .orElseThrow();
    return (float) (one.batch / (mean * accounts.size()));
  }
}
