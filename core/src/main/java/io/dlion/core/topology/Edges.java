package io.dlion.core.topology;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The links a person has listed.
 *
 * @param linked for each worker those it is linked to
 */
public record Edges(Map<WorkerId, SortedSet<WorkerId>> linked) implements Graph {
  private static final Pattern PAIR = Pattern.compile("[A-Za-z0-9._]+-[A-Za-z0-9._]+");

  /**
   * Reads a list such as {@code w1-w2 w2-w3}. Names that have dashes themselves cannot be told
   * apart and are refused.
   *
   * @throws UserError naming the pair that is none
   */
  public static Edges parse(String text) {
    Map<WorkerId, SortedSet<WorkerId>> linked = new HashMap<>();
    for (String pair : text.strip().split("\\s+", -1)) {
      String[] ends = pair.split("-", 2);
      if (!PAIR.matcher(pair).matches() || ends[0].equals(ends[1])) {
        throw new UserError(
            "topology.edges: expected pairs of different workers such as w1-w2 w2-w3, found '"
                + pair
                + "'");
      }
      WorkerId first = new WorkerId(ends[0]);
      WorkerId second = new WorkerId(ends[1]);
      linked.computeIfAbsent(first, w -> new TreeSet<>()).add(second);
      linked.computeIfAbsent(second, w -> new TreeSet<>()).add(first);
    }
    return new Edges(linked);
  }

  @Override
  public SortedSet<WorkerId> linked(int place, List<WorkerId> members) {
    SortedSet<WorkerId> live =
        new TreeSet<>(linked.getOrDefault(members.get(place), new TreeSet<>()));
    live.retainAll(members);
    return live;
  }
}
