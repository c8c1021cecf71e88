package io.dlion.emulator.check.server;

import io.dlion.core.WorkerId;
import io.dlion.core.batching.BatchRule;
import io.dlion.core.batching.Cost;
import io.dlion.core.server.method.ServerRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A server's accounts, kept a second time from the messages it was given: who its clients are, how
 * many commits of each count, how large their batches are; and what the model must be, in double
 * precision.
 */
final class ServedLedger {
  private static final int VERSIONS_MAX = 128;
  private static final int LEAST_BATCH = 1;

  private final BatchRule batches;
  final TreeMap<WorkerId, Account> accounts = new TreeMap<>();

  /** What the model must be by now. */
  double[] model;

  /** What it may become again, and from which version on commits are then applied. */
  final double[] origin;

  long floor;
  int restored;

  long term = -1;
  long version;
  private long foundVersion;

  /** Local steps in the model since it began or was restored, each by the weight of its commit. */
  double weightedSteps;

  /** What it was at its newest versions. */
  private final Map<Long, float[]> versions =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, float[]> eldest) {
          return size() > VERSIONS_MAX;
        }
      };

  /** What is known of a client. */
  static final class Account {
    final long life;
    long applied;
    long clock;

    /** Whether a commit was applied and has not been answered. */
    boolean owed;

    @Nullable Cost cost;
    int batch;

    private Account(long life, long applied, long clock) {
      this.life = life;
      this.applied = applied;
      this.clock = clock;
    }
  }

  ServedLedger(BatchRule batches, double[] origin, long version) {
    this.batches = batches;
    this.origin = origin.clone();
    this.model = origin;
    this.version = version;
    this.foundVersion = version;
  }

  /** A member is a client from now on. */
  void open(WorkerId id, long life, long applied) {
    accounts.put(id, new Account(life, applied, least()));
    divide();
  }

  /** It is none any more. */
  void close(WorkerId id) {
    if (accounts.remove(id) != null) {
      divide();
    }
  }

  long least() {
    return accounts.values().stream().mapToLong(a -> a.clock).min().orElse(0);
  }

  /** By how many commits a client leads the slowest. */
  long lead(Account account) {
    return account.clock - least();
  }

  /** A client has told what its steps cost. */
  void costs(WorkerId id, Cost cost) {
    Account account = accounts.get(id);
    if (account != null && batches.adaptive()) {
      account.cost = cost;
      divide();
    }
  }

  private void divide() {
    int initial = Math.max(batches.initial(), LEAST_BATCH);
    List<Cost> costs = new ArrayList<>();
    for (Account account : accounts.values()) {
      if (account.cost != null) {
        costs.add(account.cost);
      }
    }
    if (!batches.adaptive()) {
      accounts.values().forEach(a -> a.batch = initial);
    } else if (costs.size() < accounts.size()) {
      accounts.values().forEach(a -> a.batch = initial);
    } else if (!costs.isEmpty()) {
      int[] divided = batches.division().divide(initial * costs.size(), LEAST_BATCH, costs);
      int k = 0;
      for (Account account : accounts.values()) {
        account.batch = divided[k++];
      }
    }
  }

  /** What share of all batches is that of a client. */
  double share(Account account) {
    return account.batch / accounts.values().stream().mapToDouble(a -> a.batch).sum();
  }

  /** A commit counts: {@code W ← W − η·U}, unless it began before the model was restored. */
  void commit(Account account, double eta, double[] distance, long began, int steps) {
    account.owed = true;
    version++;
    if (began < floor) {
      return;
    }
    account.clock++;
    weightedSteps += eta * steps;
    double[] after = new double[model.length];
    for (int i = 0; i < after.length; i++) {
      after[i] = model[i] - eta * distance[i];
    }
    model = after;
  }

  /** It becomes again what it was, and all begin together. */
  void restore() {
    long least = least();
    accounts.values().forEach(account -> account.clock = least);
    version++;
    floor = version;
    restored++;
    weightedSteps = 0;
    model = origin.clone();
  }

  /** What it becomes where the client in the same process commits in this event. */
  void preview(MemberView view, ServerRule rule) {
    Account own = accounts.get(view.id);
    if (own != null) {
      view.walk.committed.forEach(d -> commit(own, rule.weight() * share(own), d, version, 0));
    }
  }

  /** What it was found to be now. */
  void found(float[] weights) {
    model = Decoding.doubles(weights);
    versions.put(version, weights);
  }

  /** How many changes there were since this was asked last. */
  long takeUnjudged() {
    long count = version - foundVersion;
    foundVersion = version;
    return count;
  }

  /** What it was at a version, if that is still known. */
  Optional<float[]> at(long ofVersion) {
    return Optional.ofNullable(versions.get(ofVersion));
  }

  /** The same model at a version within an event. */
  void passed() {
    versions.put(version, Decoding.floats(model));
  }
}
