package io.dlion.core;

/**
 * Two workers, whichever is named first: {@code first} is the lesser of the two.
 *
 * @param first the lesser one
 * @param second the greater one
 */
public record WorkerPair(WorkerId first, WorkerId second) implements Comparable<WorkerPair> {
  /**
   * Orders the two.
   *
   * @throws IllegalArgumentException for a worker with itself
   */
  public WorkerPair {
    if (first.equals(second)) {
      throw new IllegalArgumentException("a pair of " + first + " with itself");
    }
    if (first.compareTo(second) > 0) {
      WorkerId greater = first;
      first = second;
      second = greater;
    }
  }

  /** Whether a worker is one of the two. */
  public boolean has(WorkerId worker) {
    return first.equals(worker) || second.equals(worker);
  }

  @Override
  public int compareTo(WorkerPair other) {
    int byFirst = first.compareTo(other.first);
    return byFirst != 0 ? byFirst : second.compareTo(other.second);
  }

  @Override
  public String toString() {
    return first + "-" + second;
  }
}
