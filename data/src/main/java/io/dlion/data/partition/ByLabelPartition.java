package io.dlion.data.partition;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.Examples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Every worker gets few classes: examples are sorted by class and cut into shards, and each worker
 * gets {@code shards} of them, chosen at random where there is more than one (McMahan et al.,
 * "Communication-Efficient Learning of Deep Networks from Decentralized Data", AISTATS 2017,
 * section 3: two shards each). With one shard worker number 1 gets the first classes, the last
 * worker the last. Unequal shares make shards of unequal size.
 *
 * @param shards per worker
 */
record ByLabelPartition(int shards) implements Partition {
  private static final int SHARDS_MAX = 1000;

  ByLabelPartition {
    if (shards < 1 || shards > SHARDS_MAX) {
      throw new UserError(
          Phrase.of(
              "partition by-label(%d): expected 1 to %d shards for each worker",
              shards, SHARDS_MAX));
    }
  }

  @Override
  public List<int[]> divide(Examples examples, double[] shares, long seed) {
    int[] quotas = Quotas.atLeastOne(examples.count(), shares);
    SplittableRandom random = new SplittableRandom(seed);
    int[] sorted = new ClassQueues(this, examples, random).sorted();
    int[] owners = new int[quotas.length * shards];
    Arrays.setAll(owners, i -> i / shards);
    if (shards > 1) {
      Shuffle.inPlace(owners, random);
    }
    List<int[]> parts = new ArrayList<>();
    int[] filled = new int[quotas.length];
    int[] dealt = new int[quotas.length];
    for (int quota : quotas) {
      parts.add(new int[quota]);
    }
    int next = 0;
    for (int owner : owners) {
      int quota = quotas[owner];
      int until = (int) ((long) quota * ++dealt[owner] / shards);
      int size = until - filled[owner];
      System.arraycopy(sorted, next, parts.get(owner), filled[owner], size);
      filled[owner] = until;
      next += size;
    }
    return parts;
  }

  @Override
  public String toString() {
    return shards == 1 ? "by-label" : "by-label(" + shards + ")";
  }
}
