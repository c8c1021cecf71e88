package io.dlion.cli.run;

import io.dlion.cluster.security.Credentials;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.cluster.worker.Handicap;
import io.dlion.core.WorkerId;
import io.dlion.monitor.prometheus.WorkerMetrics;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a worker is, besides its job.
 *
 * @param handicap how much slower it is to be than it is
 * @param credentials empty without encryption
 * @param command the words that go on with its run, given {@code --resume}
 * @param served tells of it while it runs
 */
public record WorkerPlace(
    WorkerId name,
    String site,
    InetSocketAddress bind,
    SeedHosts seeds,
    int shard,
    int shards,
    Optional<Path> resumed,
    Handicap handicap,
    Optional<Credentials> credentials,
    List<String> command,
    Optional<WorkerMetrics> served) {}
