package io.dlion.data.partition;

import io.dlion.core.learn.Examples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Every worker gets a random sample: independent and identically distributed. */
record IidPartition() implements Partition {
  @Override
  public List<int[]> divide(Examples examples, double[] shares, long seed) {
    int[] quotas = Quotas.atLeastOne(examples.count(), shares);
    int[] order = Shuffle.of(examples.count(), new SplittableRandom(seed));
    List<int[]> parts = new ArrayList<>();
    int next = 0;
    for (int quota : quotas) {
      parts.add(Arrays.copyOfRange(order, next, next + quota));
      next += quota;
    }
    return parts;
  }

  @Override
  public String toString() {
    return "iid";
  }
}
