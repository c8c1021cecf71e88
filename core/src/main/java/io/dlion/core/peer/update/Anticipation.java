package io.dlion.core.peer.update;

import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.Part;
import io.dlion.core.wire.GradientHeader;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.HeaderExtension;
import io.dlion.core.wire.HeaderExtension.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * Until a peer's gradients arrive, a worker takes them to be like its own: it steps by its own mean
 * gradient in full rather than by its share of the global batch. What a peer j really did arrives
 * as a correction, the part of the own steps that stood in for it taken back,
 *
 * <pre>  w ← w − η · (b_j / B) · (Σ g_j − Σ g_k),</pre>
 *
 * both sums over the same time. What was anticipated for all peers is {@code 1 − b_k / B} of each
 * own step. Each peer's messages take back its share of that; shares follow the mean batch sizes of
 * recent messages and add up to 1. When they change, or a peer has gone, what no message would take
 * back any more is taken back at once. So nothing of what was anticipated stays. Entries that a
 * message does not carry stay as anticipated until they come. So nobody stands still while much is
 * under way: as in local SGD (Stich, ICLR '19) every worker goes on by its own best guess, with the
 * averaging spread over links, entries and time; and where all has arrived, replicas are what plain
 * exchange makes of them.
 *
 * <p>A message was made a while before it arrives. Which part of the own steps since the one before
 * belongs to it follows from how long the link takes for it, as if steps had been even; and from
 * the mean age of what it passes on, where peers are neighbours that send others' gradients too. Of
 * entries that messages have left out it takes the place of all own steps up to then.
 *
 * <p>A batch smaller than b_0 stands in for others by {@code b / b_0} of its gradient only (the
 * linear scaling rule, Goyal et al. '17, section 2.1). That is of a velocity, in which many batches
 * are averaged. Without momentum a worker knows the gradient of one batch, and steps in full by
 * that would be as noisy as those of a cluster whose global batch is that one: it stands in by
 * {@code b / B}.
 *
 * <p>Where each worker has data of another kind, peers' gradients are not like its own, and steps
 * in their name lead away from where all want to go. What arrives tells, see {@link Confidence}.
 * Others' shares are then anticipated only in part, κ; and as large steps that nobody has balanced
 * yet drive workers apart, what a worker computes counts for {@code 0.3 + 0.7 κ} of itself, with
 * itself and with all to whom it is sent. So replicas remain what plain exchange makes of them, of
 * smaller steps. Confined to its node.
 */
public final class Anticipation implements UpdateRule {
  /** Shares follow batch sizes when one of them differs by more than that of itself. */
  private static final double DRIFT = 0.05;

  private final float[] expected;
  private final float[] block;
  private final float[] owed;
  private boolean owes;
  private boolean relaying;
  private final Likeness likeness;
  private final RandomDivision division;
  private final Confidence confidence = new Confidence();
  private final Map<WorkerId, Account> accounts = new TreeMap<>();

  /** The cosine that peers' recent messages would have with data divided at random. */
  private double usual;

  /** What of the own steps has been replaced by a peer's, and until when. */
  private static final class Account {
    final float[] replaced;

    /** The own steps up to when the last message was made, whichever entries it carried. */
    final float[] until;

    long untilNanos;

    /** Its part of what is anticipated for all peers. */
    double share;

    /** When its first message came while peers passed on others' gradients; 0 before. */
    long sinceNanos;

    /** Samples that it had told of by then. */
    long sinceSamples;

    /**
     * Mean batch size of the peer, recent messages counting more; samples in a second of all behind
     * it where peers pass on what others send. 0 before it is known.
     */
    double batch;

    /** The cosine that the peer has found, 0 if it knows none. */
    double cosine;

    /** All samples that its messages are made of; 0 before the first. */
    long samples;

    Account(float[] expected, long untilNanos) {
      this.replaced = expected.clone();
      this.until = expected.clone();
      this.untilNanos = untilNanos;
    }

    void heard(GradientHeader header, boolean relaying, long nowNanos) {
      if (!relaying) {
        batch = batch == 0 ? header.batchSize() : 0.8 * batch + 0.2 * header.batchSize();
      } else if (sinceNanos == 0) {
        sinceNanos = nowNanos;
        sinceSamples = header.samples();
      } else if (nowNanos > sinceNanos && header.samples() > sinceSamples) {
        batch = (header.samples() - sinceSamples) / ((nowNanos - sinceNanos) * 1e-9);
      }
    }
  }

  /**
   * Nothing is anticipated so far.
   *
   * @param size of the model
   * @param division how unlike gradients are by chance
   */
  public Anticipation(int size, RandomDivision division) {
    this.division = division;
    this.expected = new float[size];
    this.owed = new float[size];
    this.block = new float[Math.min(Blocks.BLOCK, size)];
    this.likeness = new Likeness(size);
  }

  @Override
  public double weight() {
    return confidence.weight();
  }

  /**
   * The cosine between what was anticipated and what came: a negative one as far as it is neither
   * noise nor usual with data divided at random.
   */
  @Override
  public HeaderExtension extension() {
    double cosine = likeness.certain();
    return cosine == 0 ? HeaderExtension.NONE : HeaderExtension.of(Kind.COSINE, cosine);
  }

  @Override
  public Optional<String> news() {
    return confidence.news();
  }

  @Override
  public void restart() {
    accounts.clear();
    if (owes) {
      Arrays.fill(owed, 0f);
      owes = false;
    }
  }

  // ---- who has which share

  @Override
  public void relays() {
    relaying = true;
    accounts.values().forEach(account -> account.batch = 0);
  }

  @Override
  public void peers(Set<WorkerId> peers, long nowNanos) {
    boolean same = accounts.keySet().equals(peers);
    if (!same) {
      for (WorkerId peer : peers) {
        accounts.computeIfAbsent(peer, p -> new Account(expected, nowNanos));
      }
    }
    Map<WorkerId, Double> shares = shares(peers);
    if (!same || shares.entrySet().stream().anyMatch(this::hasDrifted)) {
      share(shares);
      accounts.keySet().retainAll(peers);
    }
  }

  /** Peers' parts of all peers' samples; those not heard of yet are taken for average ones. */
  private Map<WorkerId, Double> shares(Set<WorkerId> peers) {
    double mean =
        peers.stream()
            .mapToDouble(peer -> of(peer).batch)
            .filter(batch -> batch > 0)
            .average()
            .orElse(1);
    Map<WorkerId, Double> shares = new TreeMap<>();
    for (WorkerId peer : peers) {
      double batch = of(peer).batch == 0 ? mean : of(peer).batch;
      shares.put(peer, batch / mean);
    }
    double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    shares.replaceAll((peer, share) -> share / sum);
    return shares;
  }

  private Account of(WorkerId peer) {
    Account account = accounts.get(peer);
    if (account == null) {
      throw new IllegalStateException("no account of " + peer);
    }
    return account;
  }

  private boolean hasDrifted(Map.Entry<WorkerId, Double> share) {
    double before = of(share.getKey()).share;
    return Math.abs(share.getValue() - before) > DRIFT * before;
  }

  /** From now on these are the shares: what is taken back less than before is owed. */
  private void share(Map<WorkerId, Double> shares) {
    accounts.forEach((peer, account) -> {
      double share = shares.getOrDefault(peer, 0.0);
      addOpen(account, (float) (share - account.share), owed);
      account.share = share;
    });
    owes = true;
  }

  /** {@code to += factor · (expected − replaced)}: what is open of an account. */
  private void addOpen(Account account, float factor, float[] to) {
    if (factor != 0) {
      addDifference(expected, account.replaced, factor, to);
    }
  }

  private static void addDifference(float[] more, float[] less, float factor, float[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * (more[i] - less[i]);
    }
  }

  /** {@code to += part · (of − to)}. */
  private static void approach(float[] of, float part, float[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] += part * (of[i] - to[i]);
    }
  }

  @Override
  public boolean takeBack(float[] update) {
    for (int i = 0; i < update.length; i++) {
      update[i] += owed[i];
    }
    accounts.values().forEach(account -> addOpen(account, (float) -account.share, update));
    return owes || !accounts.isEmpty();
  }

  // ---- steps and arrivals

  /** The own gradient stands in for all peers', and a note is made of that. */
  @Override
  public float stepped(Own own, int wholeBatch, List<Part> parts) {
    // Without peers there is nobody whose messages would take anything back.
    double others = accounts.isEmpty() ? 0 : Math.max(0, 1 - own.share());
    double trusted = division.momentum() > 0 ? Math.min(1, own.batch() / wholeBatch) : own.share();
    float factor = (float) (confidence.value() * others * trusted * own.scale() / own.share());
    if (owes) {
      parts.add(Part.taking(owed));
      owes = false;
    }
    // The note comes last: what has arrived replaces what was anticipated before.
    Part noted = Part.of(own.values(), factor);
    parts.add((at, count, _) -> {
      System.arraycopy(expected, at, block, 0, count);
      noted.addTo(at, count, block);
      System.arraycopy(block, 0, expected, at, count);
    });
    return factor;
  }

  /**
   * What a peer's message brings takes the place of its share of the own steps of the same time.
   */
  @Override
  public GradientMessage.Taker arrived(
      WorkerId from,
      GradientMessage message,
      double entries,
      float factor,
      long nowNanos,
      long lagNanos) {
    Account account = accounts.get(from);
    if (account == null) { // it has left, or has only just come: nothing was anticipated of it
      return message.scaled(factor);
    }
    GradientHeader header = message.header();
    double interval = nowNanos - account.untilNanos;
    double age = header.extension().get(Kind.AGE, 0) * 1e9;
    double matched = Math.max(0, interval - lagNanos - age);
    account.untilNanos += (long) matched;
    account.heard(header, relaying, nowNanos);
    account.cosine = header.extension().get(Kind.COSINE, 0);
    likeness.next(usual);
    usual = usual(account, header, entries);
    confidence.heard(
        DoubleStream.concat(
            DoubleStream.of(likeness.certain()),
            accounts.values().stream().mapToDouble(a -> a.cosine)));
    if (matched > 0) {
      approach(expected, (float) (matched / interval), account.until);
    }
    return new Replacement(
        account.until,
        account.replaced,
        () -> account.share,
        factor * header.scale(),
        likeness,
        (float) (1 / confidence.value()));
  }

  /** An entry is sent as often as messages carry it. */
  private double usual(Account account, GradientHeader header, double entries) {
    long since = account.samples == 0 ? 0 : Math.max(0, header.samples() - account.samples);
    account.samples = header.samples();
    return division.cosine(accounts.size() + 1, header.batchSize(), since / entries);
  }
}
