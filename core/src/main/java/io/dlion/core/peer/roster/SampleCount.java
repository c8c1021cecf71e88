package io.dlion.core.peer.roster;

/**
 * Samples that a peer, and those whose gradients it relays, have processed, as far as they have
 * been applied here. Confined to its node.
 */
final class SampleCount {
  private static final long NOT_TOLD = -1;

  private long samples;
  private long told;
  private boolean justMet = true;

  SampleCount(long samples) {
    this.samples = samples;
  }

  long samples() {
    return samples;
  }

  /**
   * Gradients are exchanged with the peer from now on.
   *
   * @param known whether what it did so far has been counted
   */
  void met(boolean known) {
    told = known ? NOT_TOLD : samples;
    justMet = true;
  }

  /** Whether nothing of it has been applied since gradients are exchanged with it. */
  boolean isJustMet() {
    return justMet;
  }

  /**
   * A message was applied that tells of so many samples.
   *
   * @return how many more these are than those of the message before
   */
  long applied(long total) {
    long more = told == NOT_TOLD ? 0 : total - told;
    told = total;
    justMet = false;
    samples += more;
    return more;
  }
}
