package io.dlion.cluster.group;

import java.util.List;
import java.util.Optional;

/**
 * How the data of workers is encoded: which number stands for which column, word and class. All
 * workers of a run must encode alike. An encoding is a text that only an implementation
 * understands; this module passes it on.
 */
public interface Encodings {
  /**
   * What a worker says of its data.
   *
   * @param encoding how it is encoded, or would be if it were the only data
   * @param fixed whether a model has already been trained with this encoding, so that it must stay
   *     as it is
   * @param examples of its shard
   */
  record Offer(String encoding, boolean fixed, long examples) {}

  /** The encoding of this worker's data as far as it has been opened. */
  String own();

  /** What keeps another worker from training with this one; empty if nothing does. */
  Optional<String> objection(Offer here, Offer there);

  /**
   * What makes it doubtful that another worker's data means the same, though the two may train
   * together; empty if nothing does.
   *
   * @param at where the other is, for people: "at rome"
   */
  Optional<String> doubt(Offer here, Offer there, String at);

  /**
   * The encoding for workers that begin a run together.
   *
   * @param offers of all of them, none fixed and none with an {@link #objection} to another, in an
   *     order that does not depend on who asks
   */
  String common(List<Offer> offers);

  /** Data that needs no agreement: every worker encodes it in one way. */
  static Encodings none() {
    return new Encodings() {
      @Override
      public String own() {
        return "";
      }

      @Override
      public Optional<String> objection(Offer here, Offer there) {
        return Optional.empty();
      }

      @Override
      public Optional<String> doubt(Offer here, Offer there, String at) {
        return Optional.empty();
      }

      @Override
      public String common(List<Offer> offers) {
        return "";
      }
    };
  }
}
