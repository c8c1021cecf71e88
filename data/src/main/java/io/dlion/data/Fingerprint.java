package io.dlion.data;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Examples;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A short text that tells data sets apart: the counts, and SHA-256 (its first 64 bits) over shapes
 * and up to {@value #SAMPLES} evenly spaced examples of each part as a learner would see them.
 */
final class Fingerprint {
  private static final int SAMPLES = 64;

  private Fingerprint() {}

  static String of(Examples train, Examples test) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      add(digest, train);
      add(digest, test);
      String hash = HexFormat.of().formatHex(digest.digest(), 0, 8);
      return train.count() + "+" + test.count() + "-" + hash;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, Examples examples) {
    ExampleShape shape = examples.shape();
    digest.update((examples.count() + " " + shape).getBytes(StandardCharsets.UTF_8));
    byte[] input = new byte[shape.inputElements() * shape.inputElementBytes()];
    byte[] target = new byte[shape.targetElements() * shape.targetElementBytes()];
    int samples = Math.min(SAMPLES, examples.count());
    for (int i = 0; i < samples; i++) {
      int row = (int) ((long) i * examples.count() / samples);
      examples.copy(
          new int[] {row}, 1, MemorySegment.ofArray(input), MemorySegment.ofArray(target));
      digest.update(input);
      digest.update(target);
    }
  }
}
