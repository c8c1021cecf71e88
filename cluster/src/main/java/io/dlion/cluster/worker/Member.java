package io.dlion.cluster.worker;

import io.dlion.core.WorkerId;
import io.dlion.core.learn.Examples;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.strategy.Strategy;
import java.util.Optional;

/**
 * One worker of a cluster.
 *
 * @param id its name
 * @param shard its training examples
 * @param handicap how much slower it is to be than it is
 * @param resumeFrom where it goes on, if it is not to start afresh
 * @param stream that it learns from, if it does; its shard is then what it begins with
 */
public record Member(
    WorkerId id,
    Examples shard,
    Handicap handicap,
    Optional<Checkpoint> resumeFrom,
    Optional<StreamSpec> stream) {
  /** A worker that learns from its shard alone. */
  public Member(WorkerId id, Examples shard, Handicap handicap, Optional<Checkpoint> resumeFrom) {
    this(id, shard, handicap, resumeFrom, Optional.empty());
  }

  /**
   * Examples that it learns from; of a stream those that it keeps.
   *
   * @param strategy the rules of the run
   */
  public long examples(Strategy strategy) {
    return (long) shard.count() + (stream.isPresent() ? strategy.stream().replay().size() : 0);
  }
}
