package io.dlion.cluster.begin;

import io.dlion.core.learn.Learner;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Weights and buffers of a model before training, as a copy. Models of one shape need not begin
 * alike: files that were exported from Python may be of other random seeds. Immutable.
 */
public final class InitialWeights {
  private final byte[] bytes;
  private final long hash;

  private InitialWeights(byte[] bytes) {
    this.bytes = bytes;
    this.hash = hash(bytes);
  }

  /** What a learner holds at this moment. */
  public static InitialWeights of(Learner learner) {
    long weights = learner.weights().byteSize();
    byte[] bytes = new byte[Math.toIntExact(weights + learner.buffers().byteSize())];
    MemorySegment all = MemorySegment.ofArray(bytes);
    all.asSlice(0, weights).copyFrom(learner.weights());
    all.asSlice(weights).copyFrom(learner.buffers());
    return new InitialWeights(bytes);
  }

  /** Those that a peer has sent; the array is copied. */
  static InitialWeights of(byte[] bytes, int length) {
    return new InitialWeights(java.util.Arrays.copyOf(bytes, length));
  }

  private static long hash(byte[] bytes) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** By which they are compared with those of peers. */
  public long hash() {
    return hash;
  }

  /** To be read only. */
  byte[] bytes() {
    return bytes;
  }

  /** Puts them into a learner of the same model. */
  public void copyTo(Learner learner) {
    MemorySegment all = MemorySegment.ofArray(bytes);
    long weights = learner.weights().byteSize();
    learner.weights().copyFrom(all.asSlice(0, weights));
    learner.buffers().copyFrom(all.asSlice(weights));
  }
}
