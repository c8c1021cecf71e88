package io.dlion.core.server;

import io.dlion.core.WorkerId;
import io.dlion.core.batching.BatchRule;
import io.dlion.core.batching.Cost;
import io.dlion.core.server.method.Clients;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The clients of a server, and how the global batch is divided among them. Confined to its node.
 */
final class ServedClients implements Clients {
  private final BatchRule rule;
  private final int leastBatch;
  private final TreeMap<WorkerId, ServedClient> clients = new TreeMap<>();

  /** No clients. */
  ServedClients(BatchRule rule, int leastBatch) {
    this.rule = rule;
    this.leastBatch = leastBatch;
  }

  private int initialBatch() {
    return Math.max(rule.initial(), leastBatch);
  }

  /** A client has come; returns what is known of it. */
  ServedClient add(WorkerId id, long life, long applied) {
    ServedClient made = new ServedClient(life, applied, least(), initialBatch());
    clients.put(id, made);
    divide();
    return made;
  }

  /** A client has gone; returns whether it was one. */
  boolean remove(WorkerId id) {
    boolean was = clients.remove(id) != null;
    if (was) {
      divide();
    }
    return was;
  }

  /** What clients did before no longer counts: all begin with as many commits as the last. */
  void startTogether() {
    long least = least();
    clients.values().forEach(client -> client.clock = least);
  }

  @Nullable ServedClient find(WorkerId id) {
    return clients.get(id);
  }

  /** A client has told what its steps cost. */
  void costs(WorkerId id, Cost cost) {
    ServedClient client = clients.get(id);
    if (client != null && rule.adaptive()) {
      client.cost = cost;
      divide();
    }
  }

  /** B = b_0·m is divided once all costs are known; until then each has b_0. */
  private void divide() {
    if (!rule.adaptive() || clients.isEmpty()) {
      return;
    }
    List<Cost> costs = new ArrayList<>();
    for (ServedClient client : clients.values()) {
      if (client.cost == null) {
        clients.values().forEach(c -> c.batch = initialBatch());
        return;
      }
      costs.add(client.cost);
    }
    int[] batches = rule.division().divide(initialBatch() * clients.size(), leastBatch, costs);
    int k = 0;
    for (ServedClient client : clients.values()) {
      client.batch = batches[k++];
    }
  }

  /** What share of all clients' batches is that of one: 1/m where they are equal. */
  double share(ServedClient client) {
    double all = clients.values().stream().mapToDouble(c -> c.batch).sum();
    return client.batch / all;
  }

  /** What share of the samples in all clients' newest commits is that of one. */
  double newestShare(ServedClient client) {
    double all = clients.values().stream().mapToDouble(c -> c.newestSamples).sum();
    return all == 0 ? 1 : client.newestSamples / all;
  }

  @Override
  public SortedSet<WorkerId> ids() {
    return clients.navigableKeySet();
  }

  private ServedClient get(WorkerId id) {
    ServedClient client = clients.get(id);
    if (client == null) {
      throw new IllegalArgumentException(id + " is no client");
    }
    return client;
  }

  @Override
  public long commits(WorkerId id) {
    return get(id).clock;
  }

  @Override
  public double stepsPerSecond(WorkerId id) {
    return get(id).stepsPerSecond;
  }

  @Override
  public double loss() {
    return clients.values().stream()
        .mapToDouble(c -> c.loss)
        .filter(Double::isFinite)
        .average()
        .orElse(Double.NaN);
  }
}
