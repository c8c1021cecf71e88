package io.dlion.emulator.run;

import io.dlion.core.node.Action;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Time a worker's processor takes to select and encode gradient messages, on the reference worker.
 * Control messages and weights cost nothing. A message for several peers is encoded once and counts
 * once.
 *
 * @param nanosPerParameter for all messages of one gradient together, per parameter of the model
 * @param nanosPerParameterAndMessage for each message, per parameter of the model
 * @param nanosPerByte for each encoded byte
 */
public record ExchangeCost(
    double nanosPerParameter, double nanosPerParameterAndMessage, double nanosPerByte) {
  /**
   * Measured with {@code benchmarks/run 'ExchangeSelect|ExchangeWhole' -p model=cipher -p
   * residual=accumulate -p links=1,5 -f 1 -wi 1 -w 1 -i 2 -r 2}, least wall time, 2 cores of an AMD
   * EPYC (Zen 4), JDK 25, 29 November 2026, beside other work: of 2.17 million parameters, about 1
   * % for each link, 1.85 ms for one link and 3.63 ms for five (median on a quiet machine: 3.4 ms);
   * encoding all 8.7 MB takes 0.68 ms. Whole gradients are charged 1.8 ms too much: nothing is
   * selected of them.
   */
  public static final ExchangeCost MEASURED = new ExchangeCost(0.65, 0.2, 0.08);

  /** Exchange that costs nothing. */
  public static final ExchangeCost FREE = new ExchangeCost(0, 0, 0);

  /**
   * The cost of the gradient messages among a node's actions, for a model of so many parameters.
   */
  long nanos(List<Action> actions, long parameters) {
    Set<Payload> messages = new HashSet<>();
    for (Action action : actions) {
      if (action instanceof Action.Send a && Frame.isOf(MessageType.GRADIENT, a.payload())) {
        messages.add(a.payload());
      }
    }
    if (messages.isEmpty()) {
      return 0;
    }
    long bytes = messages.stream().mapToLong(Payload::length).sum();
    double perParameter = nanosPerParameter + messages.size() * nanosPerParameterAndMessage;
    return Math.round(perParameter * parameters + nanosPerByte * bytes);
  }
}
