package io.dlion.emulator.check;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Replica;
import io.dlion.core.wire.Payload;
import io.dlion.emulator.environment.DirectedLink;
import io.dlion.emulator.run.Trouble;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/** Makes the faults of a plan happen that environments know nothing of. */
final class PlannedTrouble implements Trouble {
  private static final long MILLIS = 1_000_000;
  private static final int DELAY_MILLIS_MAX = 2_000;

  private final List<Fault.Messages> messages;
  private final List<Fault.FullDisk> disks;
  private final List<Fault.NotFinite> notFinite;
  private final List<Strike> strikes;
  private final int[] spoiled;
  private final SplittableRandom random;
  private final BiFunction<NodeConfig, Replica, Node> nodes;

  /** When the last message of a link arrives that nothing may overtake. */
  private final Map<DirectedLink, Long> arrivals = new HashMap<>();

  private long delivered;

  PlannedTrouble(
      FaultPlan plan, SplittableRandom random, BiFunction<NodeConfig, Replica, Node> nodes) {
    this.nodes = nodes;
    this.messages = plan.all(Fault.Messages.class).toList();
    this.disks = plan.all(Fault.FullDisk.class).toList();
    this.notFinite = plan.all(Fault.NotFinite.class).toList();
    this.strikes = plan.faults().stream().flatMap(f -> strike(f).stream()).toList();
    this.spoiled = new int[notFinite.size()];
    this.random = random;
  }

  private static Optional<Strike> strike(Fault fault) {
    long at = fault.atMillis() * MILLIS;
    long end = fault.endMillis() * MILLIS;
    return switch (fault) {
      case Fault.ServerCrash _ -> Optional.of(new Strike.ServerCrash(at, end));
      case Fault.RelayCrash _ -> Optional.of(new Strike.RelayCrash(at, end));
      case Fault.ServerPause _ -> Optional.of(new Strike.ServerPause(at, end));
      case Fault.Split f ->
          Optional.of(
              new Strike.Split(
                  at + Fault.Split.NOTICE_MILLIS * MILLIS, end, Set.copyOf(f.workers())));
      default -> Optional.empty();
    };
  }

  @Override
  public List<Strike> strikes() {
    return strikes;
  }

  /** How many messages have come to their receivers. */
  long delivered() {
    return delivered;
  }

  @Override
  public List<Arrival> arrivals(WorkerId from, WorkerId to, Payload payload, long atNanos) {
    delivered++;
    DirectedLink link = new DirectedLink(from, to);
    for (Fault.Messages fault : messages) {
      if (fault.concerns(from, to, atNanos / MILLIS) && random.nextDouble() < fault.share()) {
        return switch (fault.how()) {
          case LOST -> List.of();
          case DUPLICATED ->
              List.of(inOrder(link, payload, atNanos, 0), new Arrival(delay(), payload));
          case DELAYED -> List.of(inOrder(link, payload, atNanos, delay()));
          case REORDERED -> List.of(new Arrival(delay(), payload));
          case CORRUPTED -> List.of(inOrder(link, corrupted(payload), atNanos, 0));
        };
      }
    }
    return List.of(inOrder(link, payload, atNanos, 0));
  }

  private long delay() {
    return (1 + random.nextInt(DELAY_MILLIS_MAX)) * MILLIS;
  }

  private Arrival inOrder(DirectedLink link, Payload payload, long atNanos, long delayNanos) {
    long arrives = Math.max(atNanos + delayNanos, arrivals.getOrDefault(link, 0L));
    if (arrives > atNanos) {
      arrivals.put(link, arrives);
    }
    return new Arrival(arrives - atNanos, payload);
  }

  private Payload corrupted(Payload payload) {
    byte[] bytes = Arrays.copyOf(payload.bytes(), payload.length());
    if (random.nextInt(4) == 0) {
      return new Payload(bytes, random.nextInt(bytes.length));
    }
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
    }
    return new Payload(bytes, bytes.length);
  }

  @Override
  public Node node(NodeConfig config, Replica replica) {
    return nodes.apply(config, replica);
  }

  @Override
  public boolean diskFull(WorkerId worker, long atNanos) {
    return disks.stream()
        .anyMatch(d ->
            d.worker().equals(worker)
                && atNanos >= d.atMillis() * MILLIS
                && atNanos < d.endMillis() * MILLIS);
  }

  @Override
  public boolean spoilsGradient(WorkerId worker, long atNanos) {
    for (int i = 0; i < spoiled.length; i++) {
      Fault.NotFinite fault = notFinite.get(i);
      if (fault.worker().equals(worker)
          && atNanos >= fault.atMillis() * MILLIS
          && spoiled[i] < fault.gradients()) {
        spoiled[i]++;
        return true;
      }
    }
    return false;
  }
}
