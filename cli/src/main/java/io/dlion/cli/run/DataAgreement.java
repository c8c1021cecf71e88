package io.dlion.cli.run;

import io.dlion.cluster.group.Encodings;
import io.dlion.core.UserError;
import io.dlion.data.preprocessing.CommonPreprocessing;
import io.dlion.data.preprocessing.OtherUnits;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.preprocessing.PreprocessingDifference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Workers on a network encode their data alike: those that begin a run together take the words and
 * classes of all of them, and pooled means and deviations. A run that is under way and a checkpoint
 * take nothing new. Data with other columns is refused. Thread safe.
 *
 * @param own how this worker's data is encoded, or would be if it were the only one
 * @param known encodings that were read before, by their text
 */
record DataAgreement(String own, Map<String, Preprocessing> known) implements Encodings {
  private static final String PLACE = "the encoding that a worker told";

  /** Stands before the encoding of a worker to which all classes were given: it takes no others. */
  private static final String GIVEN = "classes are given: ";

  /** More encodings than workers of a run; then they are read anew. */
  private static final int KNOWN_MAX = 1024;

  /**
   * Of a worker that has not met others.
   *
   * @param classesGiven whether all classes were given, and are not those of its data
   */
  static DataAgreement of(Preprocessing own, boolean classesGiven) {
    return new DataAgreement((classesGiven ? GIVEN : "") + own.toJson(), new ConcurrentHashMap<>());
  }

  /** Reads an encoding that a worker told. */
  Preprocessing read(String encoding) {
    if (known.size() > KNOWN_MAX) {
      known.clear();
    }
    return known.computeIfAbsent(
        encoding,
        text ->
            Preprocessing.parse(
                text.startsWith(GIVEN) ? text.substring(GIVEN.length()) : text, PLACE));
  }

  @Override
  public Optional<String> objection(Offer here, Offer there) {
    if (here.encoding().equals(there.encoding())) {
      return Optional.empty();
    }
    try {
      Preprocessing ours = read(here.encoding());
      Preprocessing theirs = read(there.encoding());
      return PreprocessingDifference.ofStructure(ours, theirs)
          .or(() -> notGiven(here, ours, theirs, "there", "here"))
          .or(() -> notGiven(there, theirs, ours, "here", "there"))
          .or(() ->
              here.fixed()
                  ? PreprocessingDifference.unknownTo(ours, theirs, "there")
                  : Optional.empty())
          .or(() ->
              there.fixed()
                  ? PreprocessingDifference.unknownTo(theirs, ours, "here")
                  : Optional.empty());
    } catch (UserError e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> notGiven(
      Offer offer, Preprocessing given, Preprocessing data, String where, String elsewhere) {
    return offer.encoding().startsWith(GIVEN)
        ? PreprocessingDifference.notGiven(given, data, where, elsewhere)
        : Optional.empty();
  }

  /** Means of a run are those of all its workers. */
  @Override
  public Optional<String> doubt(Offer here, Offer there, String at) {
    if (here.encoding().equals(there.encoding()) || (here.fixed() && there.fixed())) {
      return Optional.empty();
    }
    return OtherUnits.suspected(
        read(here.encoding()),
        read(there.encoding()),
        here.fixed() ? "in the run" : "here",
        there.fixed() ? "in the run" : at);
  }

  @Override
  public String common(List<Offer> offers) {
    return CommonPreprocessing.of(
            offers.stream()
                .map(o -> new CommonPreprocessing.Place(read(o.encoding()), o.examples()))
                .toList())
        .toJson();
  }

  /** Words and classes of other workers that this one's data does not have, for people. */
  Optional<String> learned(Preprocessing agreed) {
    return PreprocessingDifference.added(read(own), agreed);
  }
}
