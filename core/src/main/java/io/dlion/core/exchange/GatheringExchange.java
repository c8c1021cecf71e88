package io.dlion.core.exchange;

import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Distances of local steps where nobody waits: a link that is free is given each of them as it is,
 * and one that is busy their sum as soon as it is free. So a thin link holds up nobody, never has
 * more than one message under way, and misses nothing. What rounding leaves of a sum goes into the
 * next one. Confined to its node.
 */
public final class GatheringExchange implements Exchange {
  private final ParameterLayout layout;
  private final Exchange each;
  private final GradientWriter sums;
  private final Selection scratch;
  private final SortedSet<WorkerId> open = new TreeSet<>();
  private final SortedMap<WorkerId, Backlog> backlogs = new TreeMap<>();

  /**
   * An exchange that gathers.
   *
   * @param each makes one message for all peers, and of a distance what they see of it
   * @param format of sums
   * @param seed of stochastic rounding
   */
  public GatheringExchange(ParameterLayout layout, Exchange each, ValueFormat format, long seed) {
    this.layout = layout;
    this.each = each;
    this.sums = new GradientWriter(format, seed);
    this.scratch = new Selection(layout);
  }

  @Override
  public Map<WorkerId, Outgoing> computed(
      MemorySegment distance, Progress progress, Map<WorkerId, Long> budgets, Buffers buffers) {
    Map<WorkerId, Long> all = new TreeMap<>(budgets);
    open.forEach(peer -> all.putIfAbsent(peer, 0L));
    Map<WorkerId, Outgoing> messages = new LinkedHashMap<>();
    each.computed(distance, progress, all, buffers)
        .forEach((peer, message) -> {
          boolean free = budgets.containsKey(peer);
          if (free && rounds(peer) == 0) {
            messages.put(peer, message);
          } else {
            Backlog backlog = backlogs.computeIfAbsent(peer, p -> new Backlog(layout));
            backlog.add(distance, progress);
            if (free) {
              messages.put(peer, backlog.write(scratch, sums, buffers));
            }
          }
        });
    return messages;
  }

  /** How many rounds are owed to a peer. */
  private long rounds(WorkerId peer) {
    Backlog backlog = backlogs.get(peer);
    return backlog == null ? 0 : backlog.rounds();
  }

  @Override
  public Optional<Outgoing> take(WorkerId peer, long budgetBytes, Buffers buffers) {
    return rest(peer, buffers);
  }

  @Override
  public Optional<Outgoing> rest(WorkerId peer, Buffers buffers) {
    Backlog backlog = backlogs.get(peer);
    return backlog == null || backlog.rounds() == 0
        ? Optional.empty()
        : Optional.of(backlog.write(scratch, sums, buffers));
  }

  @Override
  public void open(WorkerId peer) {
    open.add(peer);
    each.open(peer);
  }

  @Override
  public void relay(GradientMessage message) {
    throw new IllegalStateException("distances of local steps are not relayed");
  }

  @Override
  public void close(WorkerId peer) {
    open.remove(peer);
    backlogs.remove(peer);
    each.close(peer);
  }

  @Override
  public boolean queues() {
    return false;
  }
}
