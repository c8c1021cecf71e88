package io.dlion.cli.survey;

import java.util.ArrayList;
import java.util.List;

/** In which order lines between sites are measured, so that no two measurements disturb another. */
final class LineRounds {
  private LineRounds() {}

  /** The line between two sites. */
  record Pair(Site one, Site other) {
    private boolean disturbs(Pair second) {
      return one.sharesWith(second.one)
          || one.sharesWith(second.other)
          || other.sharesWith(second.one)
          || other.sharesWith(second.other);
    }
  }

  /**
   * Every pair once, in rounds. The pairs of a round are measured at the same time: no place and no
   * machine is in two of them. Each pair goes into the first round that takes it.
   */
  static List<List<Pair>> of(List<Site> sites) {
    List<List<Pair>> rounds = new ArrayList<>();
    for (int i = 0; i < sites.size(); i++) {
      for (int j = i + 1; j < sites.size(); j++) {
        Pair pair = new Pair(sites.get(i), sites.get(j));
        rounds.stream()
            .filter(round -> round.stream().noneMatch(pair::disturbs))
            .findFirst()
            .orElseGet(() -> {
              List<Pair> another = new ArrayList<>();
              rounds.add(another);
              return another;
            })
            .add(pair);
      }
    }
    return rounds;
  }
}
