package io.dlion.cli.runtime;

import io.dlion.cluster.ClusterWorker;
import io.dlion.cluster.WorkerConfig;
import io.dlion.cluster.cap.Caps;
import io.dlion.cluster.group.Encodings;
import io.dlion.cluster.line.FreePort;
import io.dlion.cluster.line.Switchboard;
import io.dlion.cluster.line.Whereabouts;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The contract over TCP, on the loopback interface. */
class TcpRuntimeTest extends RuntimeContract {
  @Override
  Ran run(Job job) throws Exception {
    Queue<Report> reports = new ConcurrentLinkedQueue<>();
    List<ClusterWorker> joined = new ArrayList<>();
    List<Switchboard> lines = new ArrayList<>();
    try {
      InetSocketAddress seed = FreePort.address();
      List<CompletableFuture<List<WorkerOutcome>>> running = new ArrayList<>();
      for (WorkerId id : Job.WORKERS) {
        InetSocketAddress bind = joined.isEmpty() ? seed : FreePort.address();
        Switchboard own = new Switchboard(id.name(), Whereabouts.at(bind), Optional.empty());
        lines.add(own);
        own.open();
        ClusterWorker worker = join(id, own, seed);
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
      lines.forEach(Switchboard::close);
    }
  }

  private static ClusterWorker join(WorkerId id, Switchboard lines, InetSocketAddress seed)
      throws Exception {
    return ClusterWorker.join(
        new WorkerConfig(
            id,
            "here",
            new WorkerConfig.Network(
                lines,
                SeedHosts.parse(seed.getAddress().getHostAddress() + ":" + seed.getPort()),
                Optional.empty()),
            new WorkerConfig.Run("contract", Job.WORKERS.size(), Map.of("model", "stub")),
            new WorkerConfig.Shard(Encodings.none(), Job.shard(id).count()),
            WorkerConfig.From.NOTHING,
            Caps.NONE),
        Optional.empty(),
        _ -> {});
  }
}
