package io.dlion.core.exchange;

import io.dlion.core.WorkerId;
import io.dlion.core.settings.Settings;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.GradientSource;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every entry of every gradient to every peer, encoded once for all of them; or a part of them at a
 * time. Where workers wait for each other every message is queued on its link, else one that meets
 * a busy link is left out.
 */
public final class WholeGradients implements Exchange {
  private final List<Selection> parts;
  private final GradientWriter writer;
  private final boolean queues;
  private final boolean rounds;
  private @Nullable Relayed relayed;

  /**
   * The method {@code full}.
   *
   * @param format of sent values
   * @param feedback how much of what rounding left is added to the next distance of local steps
   */
  public record Rule(ValueFormat format, double feedback) implements ExchangeRule {
    static Rule of(Settings settings) {
      return new Rule(ExchangeRule.format(settings), settings.number("exchange.feedback"));
    }

    @Override
    public Exchange open(Terms terms) {
      return feedback > 0
          ? new ErrorFeedback(terms, ErrorFeedback.Choice.ALL, format, feedback)
          : new WholeGradients(
              terms.parts(), format, terms.queued(), terms.rounded(), terms.seed());
    }

    @Override
    public boolean takesParts() {
      return true;
    }

    @Override
    public boolean sendsEverything() {
      return true;
    }
  }

  /**
   * An exchange of whole gradients.
   *
   * @param parts what is sent in successive iterations, over and over: whole variables
   * @param queues whether a busy link queues gradients
   * @param rounds whether the worker's own gradient is rounded to what is sent of it
   * @param seed of stochastic rounding
   */
  public WholeGradients(
      List<Selection> parts, ValueFormat format, boolean queues, boolean rounds, long seed) {
    this.parts = List.copyOf(parts);
    this.writer = new GradientWriter(format, seed);
    this.queues = queues;
    this.rounds = rounds && format != ValueFormat.FP32;
  }

  @Override
  public Map<WorkerId, Outgoing> computed(
      MemorySegment gradient, Progress progress, Map<WorkerId, Long> budgets, Buffers buffers) {
    Map<WorkerId, Outgoing> messages = new LinkedHashMap<>();
    if (!budgets.isEmpty()) {
      Selection part = parts.get((int) (progress.iteration() % parts.size()));
      Outgoing message =
          new Outgoing(
              encode(part, gradient, progress, buffers), progress.iteration(), 100, part.share());
      budgets.keySet().forEach(peer -> messages.put(peer, message));
    }
    return messages;
  }

  private Payload encode(
      Selection part, MemorySegment gradient, Progress progress, Buffers buffers) {
    Relayed others = relayed;
    if (others == null || others.isEmpty()) {
      GradientSource source =
          rounds ? new RoundedGradient(gradient) : new CurrentGradient(gradient);
      return writer.write(part, source, progress.header(progress.scale()), buffers);
    }
    CurrentGradient source = new CurrentGradient(others.join(gradient, progress.scale()));
    Payload payload = writer.write(part, source, progress.header(1), buffers);
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
    relayed = relayed != null ? relayed : new Relayed(parts.getFirst().layout().size());
    relayed.add(message);
  }

  @Override
  public void close(WorkerId peer) {}

  @Override
  public boolean queues() {
    return queues;
  }
}
