package io.dlion.core.exchange;

import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.settings.Settings;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.GradientSource;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Per-link prioritized gradient exchange (HPDC '21, section 3.3): each link carries the entries
 * that {@link MaxN} selects for its own budget. A link that is busy when a gradient is computed is
 * asked again when it is free, and then given the newest: without residuals the last gradient alone
 * supersedes those before it, with residuals all that has gathered goes in.
 *
 * <p>Links that carry everything cost one encoding for all of them, and no residual is kept for
 * them until they stop doing so; the rounding errors of whole messages, zero on average, are not
 * made up for.
 */
public final class PartialGradients implements Exchange {
  /** Links that are selected for at a time: more would save nothing, and each takes memory. */
  private static final int TOGETHER = 8;

  private final ParameterLayout layout;
  private final MaxN maxN;
  private final GradientWriter writer;
  private final Selection everything;
  private final boolean residuals;
  private final Map<WorkerId, Link> links = new HashMap<>();
  private @Nullable Ledger ledger;
  private @Nullable MemorySegment superseding;
  private @Nullable Relayed relayed;
  private Progress progress = Progress.NONE;

  /** What is known about one link. */
  private static final class Link {
    final MaxN.Link selected;

    /** What is owed; null while nothing is. Only with residuals. */
    Ledger.@Nullable Account account;

    /** Whether a gradient came since the last message. */
    boolean pending;

    Link(ParameterLayout layout) {
      selected = new MaxN.Link(layout);
    }
  }

  /**
   * The method {@code max-n}.
   *
   * @param format of sent values
   * @param fixedN N for every link, or empty to follow budgets
   * @param minimumN what N never falls below, in percent
   * @param residuals whether entries not sent are kept per link
   */
  public record Rule(ValueFormat format, OptionalDouble fixedN, double minimumN, boolean residuals)
      implements ExchangeRule {
    static Rule of(Settings settings) {
      return new Rule(
          ExchangeRule.format(settings),
          settings.isAuto("exchange.n")
              ? OptionalDouble.empty()
              : OptionalDouble.of(settings.number("exchange.n")),
          settings.number("exchange.minimum-n"),
          settings.is("exchange.residual", "accumulate"));
    }

    @Override
    public Exchange open(Terms terms) {
      return new PartialGradients(
          terms.layout(), format, fixedN, minimumN, residuals, terms.seed());
    }
  }

  /**
   * An exchange of partial gradients.
   *
   * @param fixedN N for every link, or empty to follow budgets
   * @param minimumN what N never falls below, in percent
   * @param residuals whether entries not sent are kept per link
   * @param seed of stochastic rounding
   */
  public PartialGradients(
      ParameterLayout layout,
      ValueFormat format,
      OptionalDouble fixedN,
      double minimumN,
      boolean residuals,
      long seed) {
    this.layout = layout;
    this.maxN = new MaxN(layout, format, fixedN, minimumN);
    this.writer = new GradientWriter(format, seed);
    this.everything = new Selection(layout);
    this.residuals = residuals;
    everything.selectAll();
  }

  @Override
  public Map<WorkerId, Outgoing> computed(
      MemorySegment gradient, Progress progress, Map<WorkerId, Long> carried, Buffers buffers) {
    this.progress = progress;
    Map<WorkerId, Long> budgets = new LinkedHashMap<>(carried);
    budgets.replaceAll((peer, bytes) -> bytes - progress.extension().bytes());
    budgets.keySet().forEach(this::open);
    links.values().forEach(link -> link.pending = true);
    if (residuals) {
      return withResiduals(gradient, budgets, buffers);
    }
    Relayed others = relayed;
    if (others == null || others.isEmpty()) {
      return withoutResiduals(gradient, budgets, buffers);
    }
    this.progress = progress.ofSum();
    Map<WorkerId, Outgoing> messages =
        withoutResiduals(others.join(gradient, progress.scale()), budgets, buffers);
    others.clear();
    return messages;
  }

  private Map<WorkerId, Outgoing> withoutResiduals(
      MemorySegment gradient, Map<WorkerId, Long> budgets, Buffers buffers) {
    Map<WorkerId, Outgoing> messages = new LinkedHashMap<>();
    CurrentGradient source = new CurrentGradient(gradient);
    List<MaxN.Request> parts = new ArrayList<>();
    budgets.forEach((peer, budget) -> {
      Link link = links.get(peer);
      if (link != null && !maxN.carriesEverything(budget)) {
        parts.add(new MaxN.Request(link.selected, source, false, budget));
      }
    });
    maxN.select(parts);
    @Nullable Outgoing whole = null;
    for (Map.Entry<WorkerId, Long> budget : budgets.entrySet()) {
      Link link = links.get(budget.getKey());
      if (link == null) {
        continue;
      }
      if (maxN.carriesEverything(budget.getValue())) {
        whole = whole != null ? whole : whole(source, buffers);
        messages.put(budget.getKey(), whole);
      } else {
        messages.put(budget.getKey(), write(source, progress.scale(), link, buffers));
      }
      link.pending = false;
    }
    if (links.values().stream().anyMatch(link -> link.pending)) {
      if (superseding == null) {
        superseding = MemorySegment.ofArray(new float[layout.size()]);
      }
      superseding.copyFrom(gradient);
    }
    return messages;
  }

  private Map<WorkerId, Outgoing> withResiduals(
      MemorySegment gradient, Map<WorkerId, Long> budgets, Buffers buffers) {
    // A link that owes nothing and carries everything bypasses the ledger; the others need an
    // account from before this gradient is added.
    boolean accounts = false;
    for (Map.Entry<WorkerId, Link> e : links.entrySet()) {
      Link link = e.getValue();
      Long budget = budgets.get(e.getKey());
      if (link.account == null && (budget == null || !maxN.carriesEverything(budget))) {
        openAccount(link);
      }
      accounts |= link.account != null;
    }
    if (accounts && ledger != null) {
      ledger.add(gradient, progress.scale());
    }
    Map<WorkerId, Outgoing> messages = new LinkedHashMap<>();
    @Nullable Outgoing whole = null;
    List<WorkerId> peers = budgets.keySet().stream().filter(links::containsKey).toList();
    for (int from = 0; from < peers.size(); from += TOGETHER) {
      List<WorkerId> together = peers.subList(from, Math.min(from + TOGETHER, peers.size()));
      maxN.select(requests(together, budgets));
      for (WorkerId peer : together) {
        Link link = Objects.requireNonNull(links.get(peer));
        if (link.account == null) {
          whole = whole != null ? whole : whole(new CurrentGradient(gradient), buffers);
          link.pending = false;
          messages.put(peer, whole);
        } else {
          messages.put(peer, fromAccount(link, link.account, buffers));
        }
      }
    }
    if (accounts && ledger != null) {
      ledger.complete();
    }
    return messages;
  }

  /** Of those who have an account. */
  private List<MaxN.Request> requests(List<WorkerId> peers, Map<WorkerId, Long> budgets) {
    List<MaxN.Request> requests = new ArrayList<>();
    for (WorkerId peer : peers) {
      Link link = links.get(peer);
      Long budget = budgets.get(peer);
      if (link != null && link.account != null && budget != null) {
        requests.add(new MaxN.Request(link.selected, link.account, true, budget));
      }
    }
    return requests;
  }

  @Override
  public Optional<Outgoing> take(WorkerId peer, long budgetBytes, Buffers buffers) {
    Link link = links.get(peer);
    if (link == null || !link.pending) {
      return Optional.empty();
    }
    long budget = budgetBytes - progress.extension().bytes();
    if (link.account != null) {
      maxN.select(List.of(new MaxN.Request(link.selected, link.account, true, budget)));
      return Optional.of(fromAccount(link, link.account, buffers));
    }
    link.pending = false;
    if (superseding == null) {
      return Optional.empty();
    }
    CurrentGradient source = new CurrentGradient(superseding);
    maxN.select(List.of(new MaxN.Request(link.selected, source, false, budget)));
    return Optional.of(write(source, progress.scale(), link, buffers));
  }

  private Outgoing fromAccount(Link link, Ledger.Account account, Buffers buffers) {
    Outgoing message = write(account, 1, link, buffers);
    link.pending = false;
    if (message.share() == 1) {
      account.close();
      link.account = null;
    }
    return message;
  }

  /** Encodes what was selected for a link. */
  private Outgoing write(GradientSource source, float scale, Link link, Buffers buffers) {
    Selection selection = link.selected.selection();
    return new Outgoing(
        writer.write(selection, source, progress.header(scale), buffers),
        progress.iteration(),
        link.selected.n(),
        selection.share());
  }

  private Outgoing whole(CurrentGradient source, Buffers buffers) {
    return new Outgoing(
        writer.write(everything, source, progress.header(progress.scale()), buffers),
        progress.iteration(),
        100,
        1);
  }

  @Override
  public void open(WorkerId peer) {
    links.computeIfAbsent(peer, p -> new Link(layout));
  }

  @Override
  public void relay(GradientMessage message) {
    if (residuals) {
      links.values().forEach(this::openAccount);
      ledger().add(message);
    } else {
      relayed = relayed != null ? relayed : new Relayed(layout.size());
      relayed.add(message);
    }
  }

  private Ledger ledger() {
    ledger = ledger != null ? ledger : new Ledger(layout);
    return ledger;
  }

  private void openAccount(Link link) {
    link.account = link.account != null ? link.account : ledger().open();
  }

  @Override
  public void close(WorkerId peer) {
    links.remove(peer);
  }

  @Override
  public boolean queues() {
    return false;
  }
}
