package io.dlion.cluster;

import io.dlion.cluster.transport.SeedHosts;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Goal;
import io.dlion.core.wire.Control.Reason;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * A worker that trains a line in a process of its own: {@code WorkerProcess NAME BIND SEED MIN}. It
 * tells what it does on standard output, a line each, and stops when its standard input ends.
 */
final class WorkerProcess {
  private WorkerProcess() {}

  /** Trains until standard input ends. */
  public static void main(String[] args) throws Exception {
    try (Lan lan = new Lan(args[0], SeedHosts.address("BIND", args[1]))) {
      lan.minWorkers = Integer.parseInt(args[3]);
      lan.goal = Goal.NONE;
      lan.ballast = 100_000;
      lan.nanosPerSample = 2_000_000;
      lan.settings = lan.settings.with("batching.initial", "4").with("batching.growth", "off");
      lan.alsoTo = WorkerProcess::tell;
      lan.say = text -> System.out.println("notice: " + text);
      ClusterWorker worker = lan.join(SeedHosts.address("SEED", args[2]));
      Thread.ofPlatform().daemon().start(() -> stopAtEndOfInput(worker));
      if (worker.gather()) {
        System.out.println("gathered: " + worker.description());
        lan.start(worker);
      }
      System.out.println("ended: " + worker.await().getFirst().reason());
    }
    System.exit(0);
  }

  private static void tell(Report report) {
    switch (report) {
      case Report.Iteration r -> System.out.println("iteration " + r.iteration());
      case Report.Notice r -> System.out.println("notice: " + r.text());
      case Report.Sent r -> System.out.println("sent to " + r.peer());
      case Report.Evaluated _,
          Report.Transfer _,
          Report.Committed _,
          Report.Serving _,
          Report.Streamed _,
          Report.Drifted _ -> {}
    }
  }

  private static void stopAtEndOfInput(ClusterWorker worker) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      while (in.readLine() != null) {
        // Nothing is said; only the end counts.
      }
    } catch (java.io.IOException e) {
      System.out.println("input: " + e.getMessage());
    }
    worker.requestStop(Reason.REQUEST);
  }
}
