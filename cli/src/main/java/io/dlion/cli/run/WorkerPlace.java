package io.dlion.cli.run;

import io.dlion.cli.cap.MachineShare;
import io.dlion.cluster.line.Whereabouts;
import io.dlion.cluster.security.Credentials;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.cluster.worker.Handicap;
import io.dlion.core.WorkerId;
import io.dlion.monitor.prometheus.WorkerMetrics;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a worker is, besides its job.
 *
 * @param name unique in the cluster
 * @param site its micro-cloud
 * @param network where it is, and where the others are
 * @param shard which part of the data is its own
 * @param handicap how much slower it is to be than it is
 * @param run what its run goes on from, and who follows it
 * @param takes what it may take of its machine and its lines
 */
public record WorkerPlace(
    WorkerId name,
    String site,
    Network network,
    Shard shard,
    Handicap handicap,
    Run run,
    MachineShare takes) {
  /**
   * Where a worker is, and where the others are.
   *
   * @param place where it listens, and what it tells others of that
   * @param seeds where to look for others
   * @param credentials empty without encryption
   */
  public record Network(Whereabouts place, SeedHosts seeds, Optional<Credentials> credentials) {}

  /**
   * A part of the data.
   *
   * @param number of the part, from 1
   * @param of how many parts there are
   */
  public record Shard(int number, int of) {}

  /**
   * A worker's run.
   *
   * @param resumed the folder of the run that is gone on with
   * @param command the words that go on with it, given {@code --resume}
   * @param served tells of it while it lasts
   */
  public record Run(Optional<Path> resumed, List<String> command, Optional<WorkerMetrics> served) {}
}
