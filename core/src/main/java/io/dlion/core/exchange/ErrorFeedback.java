package io.dlion.core.exchange;

import io.dlion.core.WorkerId;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One message for all peers of what is owed to them, and what it leaves behind is owed still (error
 * feedback; Seide '14, Stich '18): for distances of local steps, which all workers must see alike.
 * Where there is nobody to send to, a worker takes for itself all that it owes. What is owed is not
 * part of a checkpoint: a worker that begins again owes nothing. Not thread safe.
 */
final class ErrorFeedback implements Exchange {
  private final List<Selection> parts;
  private final Choice choice;
  private final GradientWriter writer;
  private final boolean queues;
  private final Residual residual;

  /** What of a part goes into a message. */
  @FunctionalInterface
  interface Choice {
    /** All of a part. */
    Choice ALL = (part, owed) -> part;

    /**
     * Chooses.
     *
     * @param part whole variables
     * @param owed values of the layout
     * @return entries of the part, valid until the next choice
     */
    Selection of(Selection part, float[] owed);
  }

  ErrorFeedback(ExchangeRule.Terms terms, Choice choice, ValueFormat format, double feedback) {
    this.parts = terms.parts();
    this.choice = choice;
    this.writer = new GradientWriter(format, terms.seed());
    this.queues = terms.queued();
    this.residual = new Residual(terms.layout(), feedback);
  }

  @Override
  public Map<WorkerId, Outgoing> computed(
      MemorySegment gradient, Progress progress, Map<WorkerId, Long> budgets, Buffers buffers) {
    Selection part = parts.get((int) (progress.iteration() % parts.size()));
    residual.add(gradient, part);
    Map<WorkerId, Outgoing> messages = new LinkedHashMap<>();
    if (budgets.isEmpty()) {
      residual.settle(part);
    } else {
      Selection chosen = choice.of(part, residual.owed());
      double share = chosen.share();
      Payload payload = writer.write(chosen, residual, progress.header(progress.scale()), buffers);
      Outgoing message = new Outgoing(payload, progress.iteration(), 100 * share, share);
      budgets.keySet().forEach(peer -> messages.put(peer, message));
    }
    return messages;
  }

  @Override
  public Optional<Outgoing> take(WorkerId peer, long budgetBytes, Buffers buffers) {
    return Optional.empty();
  }

  @Override
  public void open(WorkerId peer) {}

  @Override
  public void relay(GradientMessage message) {
    throw new IllegalStateException("distances of local steps are not relayed");
  }

  @Override
  public void close(WorkerId peer) {}

  @Override
  public boolean queues() {
    return queues;
  }
}
