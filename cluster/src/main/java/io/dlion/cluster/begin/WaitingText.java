package io.dlion.cluster.begin;

import io.dlion.cluster.group.Hello;
import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * For whom a worker waits before it begins, in words.
 *
 * @param minWorkers how many workers there must be, this one included
 * @param members in the order of coming
 */
public record WaitingText(int minWorkers, List<Hello> members) {
  /**
   * One line for people.
   *
   * @param unmet those with whom it is to begin and whom it has not met
   * @param seconds for how long it has waited; 0 leaves that out
   */
  public String text(Set<WorkerId> unmet, long seconds) {
    List<WorkerId> here = members.stream().map(Hello::name).toList();
    int missing = minWorkers - here.size();
    String there = names(here);
    String since = seconds > 0 ? " (for " + seconds + " s)" : "";
    if (!unmet.isEmpty()) {
      return Phrase.of("waiting%s to meet %s; here: %s", since, names(unmet), there);
    }
    if (missing > 0) {
      return Phrase.of(
          "waiting%s for %d more worker%s of %d; here: %s",
          since, missing, missing == 1 ? "" : "s", minWorkers, there);
    }
    List<WorkerId> others = Gathering.others(members).stream().map(Hello::name).toList();
    if (!others.isEmpty()) {
      return Phrase.of(
          "waiting%s for %s to take over the weights of %s; here: %s",
          since, names(others), here.getFirst(), there);
    }
    return Phrase.of(
        "waiting%s for %s to begin; here: %s",
        since, here.isEmpty() ? "the channels" : here.getFirst(), there);
  }

  /** The names of workers, for people. */
  public static String names(Collection<WorkerId> workers) {
    return String.join(", ", workers.stream().map(WorkerId::name).toList());
  }
}
