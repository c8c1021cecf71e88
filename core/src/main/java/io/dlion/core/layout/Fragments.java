package io.dlion.core.layout;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A model in parts of about the same size that are exchanged by turns (Streaming DiLoCo, Douillard
 * et al. '25, section 2.2). Parts are whole variables: the largest first, each to the part that has
 * least. Immutable.
 */
public final class Fragments {
  private final List<List<Variable>> parts = new ArrayList<>();

  /**
   * Divides a model.
   *
   * @param count how many parts there are to be; not more than there are variables
   */
  public Fragments(ParameterLayout layout, int count) {
    long[] elements = new long[Math.min(count, layout.variables().size())];
    for (int i = 0; i < elements.length; i++) {
      parts.add(new ArrayList<>());
    }
    List<Variable> largestFirst =
        layout.variables().stream()
            .sorted(Comparator.comparingInt(Variable::count).reversed())
            .toList();
    for (Variable v : largestFirst) {
      int least = 0;
      for (int i = 1; i < elements.length; i++) {
        least = elements[i] < elements[least] ? i : least;
      }
      parts.get(least).add(v);
      elements[least] += v.count();
    }
  }

  /** How many there are, at least 1. */
  public int count() {
    return parts.size();
  }

  /** The variables whose turn it is in an iteration, in no particular order. */
  public List<Variable> of(long iteration) {
    return parts.get((int) (iteration % parts.size()));
  }
}
