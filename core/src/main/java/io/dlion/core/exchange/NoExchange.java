package io.dlion.core.exchange;

import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.settings.Settings;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * No gradient goes on any link, only how far this worker has come, so that the run's epochs can be
 * counted. Not thread safe.
 */
public final class NoExchange implements Exchange {
  private final long fingerprint;
  private final boolean queues;

  /** The method {@code none}. */
  public record Rule() implements ExchangeRule {
    static Rule of(Settings settings) {
      return new Rule();
    }

    @Override
    public Exchange open(Terms terms) {
      return new NoExchange(terms.layout(), terms.queued());
    }

    @Override
    public ValueFormat format() {
      return ValueFormat.FP32;
    }

    @Override
    public boolean exchangesGradients() {
      return false;
    }

    @Override
    public boolean sendsEverything() {
      return true; // there is nothing that a peer would lack
    }
  }

  /**
   * No exchange of gradients.
   *
   * @param queues whether a busy link queues what is said of progress
   */
  public NoExchange(ParameterLayout layout, boolean queues) {
    this.fingerprint = layout.fingerprint();
    this.queues = queues;
  }

  @Override
  public Map<WorkerId, Outgoing> computed(
      MemorySegment gradient, Progress progress, Map<WorkerId, Long> budgets, Buffers buffers) {
    Map<WorkerId, Outgoing> messages = new LinkedHashMap<>();
    for (WorkerId peer : budgets.keySet()) {
      Payload payload =
          Control.encode(
              new Control.Progress(progress.iteration(), progress.samples()), fingerprint);
      messages.put(peer, new Outgoing(payload, progress.iteration(), 0, 0));
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
  public void relay(GradientMessage message) {}

  @Override
  public void close(WorkerId peer) {}

  @Override
  public boolean queues() {
    return queues;
  }
}
