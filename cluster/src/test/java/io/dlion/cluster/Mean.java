package io.dlion.cluster;

import io.dlion.cluster.settle.ReplicaMerger;
import io.dlion.core.WorkerId;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The mean of all replicas of the highest precedence, whatever it is worth. */
public final class Mean implements ReplicaMerger {
  final List<WorkerId> added = new ArrayList<>();
  private final MemorySegment into;
  private final double[] sums;
  private long highest;

  public Mean(MemorySegment into) {
    this.into = into;
    this.sums = new double[(int) (into.byteSize() / Float.BYTES)];
  }

  @Override
  public void add(WorkerId worker, long precedence, MemorySegment weights, MemorySegment buffers) {
    if (precedence > highest) {
      highest = precedence;
      added.clear();
      Arrays.fill(sums, 0);
    } else if (precedence < highest) {
      return;
    }
    added.add(worker);
    for (int i = 0; i < sums.length; i++) {
      sums[i] += weights.get(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) i * Float.BYTES);
    }
  }

  /** What {@link #merge} has made. */
  public float[] model() {
    return into.toArray(ValueLayout.JAVA_FLOAT);
  }

  @Override
  public String merge() {
    for (int i = 0; i < sums.length; i++) {
      into.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (sums[i] / added.size()));
    }
    return "mean of " + added.size();
  }
}
