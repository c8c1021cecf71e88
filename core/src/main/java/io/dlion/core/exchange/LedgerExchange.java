package io.dlion.core.exchange;

import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An exchange whose links all have an account in a {@link Ledger} from the beginning: what is not
 * selected for a link stays owed to it. At most one message waits for a busy link; it is made when
 * the link is free, of all that has gathered by then. What goes into a message is left to {@link
 * #select}. Not thread safe.
 */
abstract class LedgerExchange implements Exchange {
  private final GradientWriter writer;
  private final Selection selection;
  private final Ledger ledger;
  private final Map<WorkerId, Ledger.Account> accounts = new HashMap<>();

  /** The links for which a gradient has come since their last message. */
  private final Set<WorkerId> pending = new HashSet<>();

  private Progress progress = Progress.NONE;

  LedgerExchange(ParameterLayout layout, ValueFormat format, long seed) {
    this.writer = new GradientWriter(format, seed);
    this.selection = new Selection(layout);
    this.ledger = new Ledger(layout);
  }

  /**
   * Selects what the next message of a link carries.
   *
   * @param owed what the link has not been sent
   * @param budgetBytes what the link can carry
   * @param into takes the selection
   * @return the N to report, in percent
   */
  abstract double select(
      WorkerId peer, Pending owed, Progress progress, long budgetBytes, Selection into);

  @Override
  public final Map<WorkerId, Outgoing> computed(
      MemorySegment gradient, Progress progress, Map<WorkerId, Long> budgets, Buffers buffers) {
    this.progress = progress;
    budgets.keySet().forEach(this::open);
    ledger.add(gradient, progress.scale());
    ledger.complete();
    pending.addAll(accounts.keySet());
    Map<WorkerId, Outgoing> messages = new LinkedHashMap<>();
    budgets.forEach((peer, budget) ->
        take(peer, budget, buffers).ifPresent(message -> messages.put(peer, message)));
    return messages;
  }

  @Override
  public final Optional<Outgoing> take(WorkerId peer, long budgetBytes, Buffers buffers) {
    Ledger.Account account = accounts.get(peer);
    if (account == null || !pending.remove(peer)) {
      return Optional.empty();
    }
    double n =
        select(peer, account, progress, budgetBytes - progress.extension().bytes(), selection);
    double share = selection.share();
    return Optional.of(
        new Outgoing(
            writer.write(selection, account, progress.header(1), buffers),
            progress.iteration(),
            n,
            share));
  }

  @Override
  public final void open(WorkerId peer) {
    accounts.computeIfAbsent(peer, p -> ledger.open());
  }

  @Override
  public final void relay(GradientMessage message) {
    ledger.add(message);
  }

  @Override
  public void close(WorkerId peer) {
    accounts.remove(peer);
    pending.remove(peer);
  }

  @Override
  public final boolean queues() {
    return false;
  }
}
