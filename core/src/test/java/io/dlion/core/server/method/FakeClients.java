package io.dlion.core.server.method;

import io.dlion.core.WorkerId;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Clients whose commits, speeds and loss a test sets. */
final class FakeClients implements Clients {
  final TreeMap<WorkerId, Long> commits = new TreeMap<>();
  double loss = Double.NaN;
  double stepsPerSecond = 10;

  /** Clients w1, w2 … that have made so many commits. */
  static FakeClients of(long... commits) {
    FakeClients clients = new FakeClients();
    for (int k = 0; k < commits.length; k++) {
      clients.commits.put(id(k + 1), commits[k]);
    }
    return clients;
  }

  static WorkerId id(int number) {
    return new WorkerId("w" + number);
  }

  /** A client makes some commits. */
  void commit(int number, long more) {
    commits.merge(id(number), more, Long::sum);
  }

  /** All make some commits. */
  void commitAll(long more) {
    commits.replaceAll((_, before) -> before + more);
  }

  @Override
  public SortedSet<WorkerId> ids() {
    return new TreeSet<>(commits.keySet());
  }

  @Override
  public long commits(WorkerId client) {
    return commits.get(client);
  }

  @Override
  public double stepsPerSecond(WorkerId client) {
    return stepsPerSecond;
  }

  @Override
  public double loss() {
    return loss;
  }
}
