package io.dlion.cluster.group;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Encodings that are a set of letters: all of two that begin together, and what is fixed takes no
 * further ones. A capital letter is a difference that no letters make good.
 */
public record Letters(String own) implements Encodings {
  @Override
  public Optional<String> objection(Offer here, Offer there) {
    if (!capitals(here.encoding()).equals(capitals(there.encoding()))) {
      return Optional.of(
          "'%s' there and '%s' here"
              .formatted(capitals(there.encoding()), capitals(here.encoding())));
    }
    Optional<String> more =
        here.fixed() ? more(here.encoding(), there.encoding(), "there") : Optional.empty();
    return more.isPresent() || !there.fixed()
        ? more
        : more(there.encoding(), here.encoding(), "here");
  }

  /** A digit is doubtful beside another one. */
  @Override
  public Optional<String> doubt(Offer here, Offer there, String at) {
    String ours = here.encoding().replaceAll("[^0-9]", "");
    String theirs = there.encoding().replaceAll("[^0-9]", "");
    return ours.equals(theirs)
        ? Optional.empty()
        : Optional.of(ours + " here, " + theirs + " " + at);
  }

  private static Optional<String> more(String fixed, String other, String where) {
    String more = letters(other.replaceAll("[" + fixed + "]", ""));
    return more.isEmpty() ? Optional.empty() : Optional.of("only " + where + ": " + more);
  }

  private static String capitals(String text) {
    return letters(text.replaceAll("[^A-Z]", ""));
  }

  @Override
  public String common(List<Offer> offers) {
    return letters(offers.stream().map(Offer::encoding).collect(Collectors.joining()));
  }

  private static String letters(String text) {
    return new TreeSet<>(text.chars().mapToObj(Character::toString).toList())
        .stream().collect(Collectors.joining());
  }
}
