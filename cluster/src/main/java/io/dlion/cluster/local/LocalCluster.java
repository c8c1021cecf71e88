package io.dlion.cluster.local;

import io.dlion.cluster.settle.Agreement;
import io.dlion.cluster.settle.ReplicaMerger;
import io.dlion.cluster.worker.Fleet;
import io.dlion.cluster.worker.Member;
import io.dlion.cluster.worker.RunClock;
import io.dlion.cluster.worker.RunSpec;
import io.dlion.cluster.worker.Worker;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Event;
import io.dlion.core.wire.Control.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * A whole cluster in one process: every worker a node of its own, with its own threads, learner and
 * channels, and links of any speed between them. The same nodes and links as between machines; only
 * the network is a different one.
 */
public final class LocalCluster implements Fleet {
  private static final long JOIN_NANOS_MAX = 30_000_000_000L;

  private final List<Worker> workers = new ArrayList<>();

  /**
   * What a cluster is made of.
   *
   * @param members its workers
   * @param run what they are to do
   * @param trainingExamples D, over all workers
   * @param rates speeds of links
   * @param elapsedNanos time the run took before it was interrupted; 0 for a new one
   */
  public record Spec(
      List<Member> members,
      RunSpec run,
      long trainingExamples,
      LinkRates rates,
      long elapsedNanos) {
    /** Copies the members. */
    public Spec {
      members = List.copyOf(members);
    }
  }

  private LocalCluster() {}

  /**
   * Makes the workers, waits until all see each other, and starts training.
   *
   * @throws IllegalStateException naming who is missing, if they do not find each other in time
   */
  public static LocalCluster start(Spec spec) throws Exception {
    RunClock clock = new RunClock(spec.elapsedNanos());
    LocalCluster cluster = new LocalCluster();
    SharedMemory memory = new SharedMemory();
    try {
      for (Member member : spec.members()) {
        WorkerId self = member.id();
        cluster.workers.add(
            new Worker(
                member,
                spec.run(),
                clock,
                handler -> new LocalChannels(self, memory, handler),
                peer -> new ShapedFlow(new Wire(spec.rates().of(self, peer)))));
      }
      String group = "dlion-" + UUID.randomUUID(); // several clusters may live in one process
      cluster.workers.getFirst().connect(group);
      cluster.together(
          worker -> worker.connect(group), cluster.workers.subList(1, cluster.workers.size()));
      Set<WorkerId> all = new TreeSet<>(spec.members().stream().map(Member::id).toList());
      cluster.awaitMembers(all);
      cluster.workers.forEach(worker ->
          worker.prepare(
              new Event.Started(clock.nowNanos(), all), spec.trainingExamples(), Map.of(), false));
      if (spec.run().strategy().server().isPresent()) {
        cluster.workers.forEach(worker -> worker.linesAre(spec.rates().from(worker.id(), all)));
      }
      cluster.workers.forEach(Worker::start);
      return cluster;
    } catch (Exception | Error e) {
      cluster.close();
      throw e;
    }
  }

  private interface Step {
    void on(Worker worker) throws Exception;
  }

  private void together(Step step, List<Worker> which) throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> steps = new ArrayList<>();
      for (Worker worker : which) {
        Callable<Boolean> task =
            () -> {
              step.on(worker);
              return true;
            };
        steps.add(executor.submit(task));
      }
      for (Future<Boolean> done : steps) {
        done.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private void awaitMembers(Set<WorkerId> all) throws InterruptedException {
    long deadline = System.nanoTime() + JOIN_NANOS_MAX;
    for (Worker worker : workers) {
      while (!worker.members().equals(all)) {
        if (System.nanoTime() > deadline) {
          Set<WorkerId> missing = new TreeSet<>(all);
          missing.removeAll(worker.members());
          throw new IllegalStateException(
              "workers did not find each other within 30 s; missing: " + missing);
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  @Override
  public void requestStop(Reason reason) {
    workers.forEach(worker -> worker.requestStop(reason));
  }

  /** The order is that of the members. */
  @Override
  public List<WorkerOutcome> await() throws InterruptedException {
    List<WorkerOutcome> outcomes = new ArrayList<>();
    for (Worker worker : workers) {
      try {
        outcomes.add(worker.outcome().get());
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    return outcomes;
  }

  @Override
  public Agreement agree(ReplicaMerger merger) throws InterruptedException {
    for (WorkerOutcome outcome : await()) {
      outcome
          .soundReplica()
          .ifPresent(replica ->
              merger.add(
                  outcome.worker(),
                  outcome.rank().precedence(),
                  replica.weights(),
                  replica.buffers()));
    }
    return new Agreement(merger.merge(), Optional.empty());
  }

  /** {@inheritDoc} Nothing is measured within a process. */
  @Override
  public Map<WorkerId, Map<WorkerId, Double>> peers() {
    Map<WorkerId, Map<WorkerId, Double>> peers = new TreeMap<>();
    for (Worker worker : workers) {
      Map<WorkerId, Double> seen = new TreeMap<>();
      worker.members().forEach(member -> seen.put(member, 0.0));
      seen.remove(worker.id());
      peers.put(worker.id(), seen);
    }
    return peers;
  }

  @Override
  public void close() {
    workers.forEach(Worker::close);
  }
}
