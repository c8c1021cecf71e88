package io.dlion.core.learn;

/** Derives independent seeds from a run's seed, a worker and a purpose. */
public final class Seeds {
  private Seeds() {}

  /** A seed that depends on all bits of both numbers (the finalizer of SplitMix64, Steele '14). */
  public static long derive(long seed, long salt) {
    long z = seed * 0x9e3779b97f4a7c15L + salt + 0x632be59bd9b4e019L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** A seed of a name: the same on every machine. */
  public static long derive(long seed, String name) {
    long hash = seed;
    for (int i = 0; i < name.length(); i++) {
      hash = derive(hash, name.charAt(i));
    }
    return hash;
  }
}
