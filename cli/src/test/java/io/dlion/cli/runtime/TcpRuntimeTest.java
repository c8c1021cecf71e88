package io.dlion.cli.runtime;

import io.dlion.cluster.ClusterWorker;
import io.dlion.cluster.WorkerConfig;
import io.dlion.cluster.cap.Caps;
import io.dlion.cluster.group.Encodings;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The contract over TCP, on the loopback interface. */
class TcpRuntimeTest extends RuntimeContract {
  /** The second port of a worker is so far above its first. */
  private static final int BULK_PORT_OFFSET = 10;

  @Override
  Ran run(Job job) throws Exception {
    Queue<Report> reports = new ConcurrentLinkedQueue<>();
    List<ClusterWorker> joined = new ArrayList<>();
    try {
      InetSocketAddress seed = freeAddress();
      List<CompletableFuture<List<WorkerOutcome>>> running = new ArrayList<>();
      for (WorkerId id : Job.WORKERS) {
        ClusterWorker worker = join(id, joined.isEmpty() ? seed : freeAddress(), seed);
        joined.add(worker);
        CompletableFuture<List<WorkerOutcome>> outcome = new CompletableFuture<>();
        running.add(outcome);
        Thread.ofPlatform()
            .name("contract-" + id)
            .start(() -> {
              try {
                worker.gather();
                worker.start(LocalRuntimeTest.member(id), LocalRuntimeTest.spec(job, reports));
                outcome.complete(worker.await());
              } catch (Exception | Error e) {
                outcome.completeExceptionally(e);
              }
            });
      }
      List<WorkerOutcome> outcomes = new ArrayList<>();
      for (CompletableFuture<List<WorkerOutcome>> outcome : running) {
        outcomes.addAll(outcome.get());
      }
      return LocalRuntimeTest.ran(outcomes, reports);
    } finally {
      joined.forEach(ClusterWorker::close);
    }
  }

  private static ClusterWorker join(WorkerId id, InetSocketAddress bind, InetSocketAddress seed)
      throws Exception {
    return ClusterWorker.join(
        new WorkerConfig(
            id,
            "here",
            new WorkerConfig.Network(
                bind,
                SeedHosts.parse(seed.getAddress().getHostAddress() + ":" + seed.getPort()),
                Optional.empty()),
            new WorkerConfig.Run("contract", Job.WORKERS.size(), Map.of("model", "stub")),
            new WorkerConfig.Shard(Encodings.none(), Job.shard(id).count()),
            WorkerConfig.From.NOTHING,
            Caps.NONE),
        Optional.empty(),
        _ -> {});
  }

  private static InetSocketAddress freeAddress() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    while (true) {
      try (ServerSocket control = new ServerSocket(0, 1, loopback)) {
        int bulk = control.getLocalPort() + BULK_PORT_OFFSET;
        if (bulk <= 65535) {
          try (ServerSocket free = new ServerSocket(bulk, 1, loopback)) {
            return new InetSocketAddress(loopback, free.getLocalPort() - BULK_PORT_OFFSET);
          } catch (IOException taken) {
            // The next one then.
          }
        }
      }
    }
  }
}
