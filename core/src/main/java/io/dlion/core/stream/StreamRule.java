package io.dlion.core.stream;

import io.dlion.core.settings.Settings;
import java.util.Locale;

/**
 * How a worker learns from its stream, as the settings say.
 *
 * @param idle what it does while nothing arrives
 * @param queueRecords records that wait to be learned from at most
 * @param shed what becomes of a record for which the queue has no place
 * @param testShare share of the records that are kept to evaluate with, in [0, 0.5]
 * @param windowRecords records in the window of the prequential accuracy
 * @param replay of examples that were learned from before
 * @param drift what is done when the world changes
 */
public record StreamRule(
    Idle idle,
    int queueRecords,
    Shed shed,
    double testShare,
    int windowRecords,
    Replay replay,
    Drift drift) {
  /** What a worker does while nothing arrives. */
  public enum Idle {
    /** It goes on with what it has seen. */
    REPLAY,
    /** It waits for records, but makes a step a second, so that peers do not wait for it. */
    REST
  }

  /** What becomes of a record for which the queue has no place. */
  public enum Shed {
    /** It stays at the source until there is one. */
    WAIT,
    /** It is dropped. */
    NEWEST,
    /** The one that has waited longest is dropped for it. */
    OLDEST,
    /** One drawn at random, of those that wait and the new one, is dropped. */
    SAMPLE
  }

  /**
   * Of examples that were learned from before.
   *
   * @param size examples kept of the stream
   * @param share of each batch that is replayed, while records wait
   * @param balanced whether each class has the same place among those kept
   * @param passes times that a record is learned from, on average, that are worth it: a worker
   *     counts as no faster than that when batches are divided; 0: no limit
   */
  public record Replay(int size, double share, boolean balanced, double passes) {}

  /**
   * What is done when the world changes.
   *
   * @param detects whether it is looked for
   * @param delta confidence δ of ADWIN
   * @param rate factor of the learning rate during the reaction
   * @param share of each batch that is replayed during the reaction
   * @param forgets whether what is kept for replay is dropped
   * @param nanos how long the reaction lasts
   */
  public record Drift(
      boolean detects, double delta, double rate, double share, boolean forgets, long nanos) {}

  /** The rule that settings describe. */
  public static StreamRule of(Settings settings) {
    return new StreamRule(
        word(Idle.class, settings, "stream.idle"),
        settings.smallInteger("stream.queue"),
        word(Shed.class, settings, "stream.shed"),
        settings.number("stream.test"),
        settings.smallInteger("stream.window"),
        new Replay(
            settings.smallInteger("replay.size"),
            settings.number("replay.share"),
            settings.is("replay.balance", "classes"),
            settings.number("replay.passes")),
        new Drift(
            settings.is("drift.detector", "adwin"),
            settings.number("drift.delta"),
            settings.number("drift.rate"),
            settings.number("drift.share"),
            settings.is("drift.forget", "on"),
            (long) (settings.number("drift.seconds") * 1e9)));
  }

  private static <E extends Enum<E>> E word(Class<E> type, Settings settings, String key) {
    return Enum.valueOf(type, settings.text(key).toUpperCase(Locale.ROOT));
  }
}
