package io.dlion.core.exchange;

import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every entry of every gradient to every peer, encoded once for all of them; or, with {@code
 * entries} off, only the header: progress without exchange. Where workers wait for each other every
 * message is queued on its link, else one that meets a busy link is left out.
 */
public final class WholeGradients implements Exchange {
  private final Selection selection;
  private final GradientWriter writer;
  private final boolean entries;
  private final boolean queues;
  private @Nullable Relayed relayed;

  /**
   * An exchange of whole gradients.
   *
   * @param entries false to send headers only
   * @param queues whether a busy link queues gradients
   * @param seed of stochastic rounding
   */
  public WholeGradients(
      ParameterLayout layout, ValueFormat format, boolean entries, boolean queues, long seed) {
    this.selection = new Selection(layout);
    this.writer = new GradientWriter(format, seed);
    this.entries = entries;
    this.queues = queues;
    if (entries) {
      selection.selectAll();
    }
  }

  @Override
  public Map<WorkerId, Outgoing> computed(
      MemorySegment gradient, Progress progress, Map<WorkerId, Long> budgets, Buffers buffers) {
    Map<WorkerId, Outgoing> messages = new LinkedHashMap<>();
    if (!budgets.isEmpty()) {
      Outgoing message =
          new Outgoing(
              encode(gradient, progress, buffers),
              progress.iteration(),
              entries ? 100 : 0,
              entries ? 1 : 0);
      budgets.keySet().forEach(peer -> messages.put(peer, message));
    }
    return messages;
  }

  private Payload encode(MemorySegment gradient, Progress progress, Buffers buffers) {
    Relayed others = relayed;
    if (others == null || others.isEmpty()) {
      CurrentGradient source = new CurrentGradient(gradient);
      return writer.write(selection, source, progress.header(progress.scale()), buffers);
    }
    CurrentGradient source = new CurrentGradient(others.join(gradient, progress.scale()));
    Payload payload = writer.write(selection, source, progress.header(1), buffers);
    others.clear();
    return payload;
  }

  @Override
  public Optional<Outgoing> take(WorkerId peer, long budgetBytes, Buffers buffers) {
    return Optional.empty();
  }

  @Override
  public void open(WorkerId peer) {}

  @Override
  public void relay(GradientMessage message) {
    if (entries) {
      relayed = relayed != null ? relayed : new Relayed(selection.layout().size());
      relayed.add(message);
    }
  }

  @Override
  public void close(WorkerId peer) {}

  @Override
  public boolean queues() {
    return queues;
  }
}
