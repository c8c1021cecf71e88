package io.dlion.core.node;

/**
 * Counts the points of one kind (evaluations, checkpoints) that are due each time so many samples
 * have been processed.
 */
public final class Milestones {
  private final double everySamples;
  private long passed;

  /** No point passed so far. */
  public Milestones(double everySamples) {
    this.everySamples = everySamples;
  }

  /** Whether at least one point was passed since the last call; several at once count as one. */
  public boolean due(long clusterSamples) {
    long reached = (long) (clusterSamples / everySamples);
    if (reached <= passed) {
      return false;
    }
    passed = reached;
    return true;
  }

  /** The points passed so far. */
  public long passed() {
    return passed;
  }

  /** Goes on after that many points. */
  public void restore(long points) {
    passed = points;
  }
}
