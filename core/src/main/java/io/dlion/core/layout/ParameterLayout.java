package io.dlion.core.layout;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where every variable of a model lies in one flat float32 buffer. Variables keep their order; each
 * begins at a multiple of {@value #ALIGNMENT} floats (64 bytes), and the gaps between them hold
 * zeros. Two workers can exchange gradients only if their layouts have the same {@link
 * #fingerprint()}. Immutable.
 */
public final class ParameterLayout {
  /** Every variable begins at a multiple of this many floats. */
  public static final int ALIGNMENT = 16;

  private final List<Variable> variables;
  private final Set<String> counts;
  private final int size;
  private final int elements;
  private final long fingerprint;

  private ParameterLayout(List<Variable> variables, Set<String> counts) {
    this.variables = List.copyOf(variables);
    this.counts = Set.copyOf(counts);
    int end = 0;
    int count = 0;
    long hash =
        0xcbf29ce484222325L; // FNV-1a over names and shapes: stable across machines and versions
    Set<String> names = new HashSet<>();
    for (Variable v : this.variables) {
      if (!names.add(v.name())) {
        throw new IllegalArgumentException("variable " + v.name() + " appears twice");
      }
      end = Math.max(end, aligned(v.end()));
      count = Math.addExact(count, v.count());
      String text = v.toString();
      for (int i = 0; i < text.length(); i++) {
        hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
      }
    }
    this.size = end;
    this.elements = count;
    this.fingerprint = hash;
  }

  /** Lays out variables of the given names and shapes one after the other. */
  public static final class Builder {
    private final List<Variable> variables = new ArrayList<>();
    private final Set<String> counts = new HashSet<>();
    private int next;

    /**
     * Appends a variable; its element count must be positive and the buffer must stay below 2^31
     * floats.
     */
    public Builder add(String name, long... shape) {
      long count = 1;
      List<Long> dims = new ArrayList<>();
      for (long d : shape) {
        count = Math.multiplyExact(count, d);
        dims.add(d);
      }
      variables.add(new Variable(name, dims, next, Math.toIntExact(count)));
      next = Math.addExact(aligned(next), aligned(Math.toIntExact(count)));
      return this;
    }

    /**
     * Appends a variable of whole numbers, such as a count of batches. Float32 holds them exactly
     * up to 2^24.
     */
    public Builder addCount(String name, long... shape) {
      counts.add(name);
      return add(name, shape);
    }

    /** The finished layout. */
    public ParameterLayout build() {
      return new ParameterLayout(variables, counts);
    }
  }

  private static int aligned(int count) {
    return Math.addExact(count, ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** The variables in order of their offsets. */
  public List<Variable> variables() {
    return variables;
  }

  /** Whether a variable holds whole numbers, of which there is no mean. */
  public boolean isCount(Variable variable) {
    return counts.contains(variable.name());
  }

  /** Length of the flat buffer in floats, gaps included. */
  public int size() {
    return size;
  }

  /** Length of the flat buffer in bytes. */
  public long bytes() {
    return 4L * size;
  }

  /** Number of elements of all variables, gaps not counted: "the model's parameters". */
  public int elements() {
    return elements;
  }

  /**
   * The same for two layouts exactly if they have the same names and shapes in the same order (up
   * to a 64-bit hash).
   */
  public long fingerprint() {
    return fingerprint;
  }

  @Override
  public String toString() {
    return elements + " parameters in " + variables.size() + " variables";
  }
}
