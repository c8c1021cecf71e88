package io.dlion.cluster.worker;

import io.dlion.core.WorkerId;
import io.dlion.core.learn.Examples;
import io.dlion.core.node.Checkpoint;
import java.util.Optional;

/**
 * One worker of a cluster.
 *
 * @param id its name
 * @param shard its training examples
 * @param handicap how much slower it is to be than it is
 * @param resumeFrom where it goes on, if it is not to start afresh
 */
public record Member(
    WorkerId id, Examples shard, Handicap handicap, Optional<Checkpoint> resumeFrom) {}
