package io.dlion.cluster;

import io.dlion.cluster.cap.Caps;
import io.dlion.cluster.group.Encodings;
import io.dlion.cluster.line.Switchboard;
import io.dlion.cluster.security.Security;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.core.WorkerId;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who a worker is and whom it is to meet.
 *
 * @param name unique in the cluster
 * @param site its micro-cloud
 * @param network where it is, and where the others are
 * @param run which run it is for
 * @param shard its data
 * @param from where it goes on
 * @param caps how much it may send and take; its own affair
 */
public record WorkerConfig(
    WorkerId name, String site, Network network, Run run, Shard shard, From from, Caps caps) {
  /**
   * Where a worker is, and where the others are.
   *
   * @param lines its connections to others, open already and not closed with it
   * @param seeds where to look for others
   * @param security none for plain connections
   */
  public record Network(Switchboard lines, SeedHosts seeds, Optional<Security> security) {}

  /**
   * A run.
   *
   * @param name of the run
   * @param minWorkers how many must be there before training begins, this one included
   * @param job what must be the same for all workers of the run, by name, for people to read
   */
  public record Run(String name, int minWorkers, Map<String, String> job) {
    /** Copies the job, with the run's name in it. */
    public Run {
      Map<String, String> all = new TreeMap<>(job);
      all.put("run", name);
      job = all;
    }
  }

  /**
   * A worker's data.
   *
   * @param encodings its encoding, and how it is compared with those of other workers
   * @param examples how many
   */
  public record Shard(Encodings encodings, long examples) {}

  /**
   * Where a worker goes on.
   *
   * @param iteration of its checkpoint; 0 without one
   * @param elapsedNanos how long the run had taken by then
   */
  public record From(long iteration, long elapsedNanos) {
    /** A new worker. */
    public static final From NOTHING = new From(0, 0);
  }
}
