package io.dlion.core.wire;

import io.dlion.core.layout.ParameterLayout;
import java.util.Arrays;
import java.util.Objects;

/**
 * What of a gradient goes into a message: for each variable nothing, single entries, a range of
 * neighbours, or all of it. The entries of a variable are kept in ascending order of their index.
 * One instance is filled again and again. Not thread safe.
 */
public final class Selection {
  private final ParameterLayout layout;
  private final boolean[] whole;
  private final int[] start; // entries of variable v: start[v] to start[v + 1]
  private int[] index = new int[1024]; // within the variable
  private float[] value = new float[1024];
  private final int[] rangeFrom;
  private final int[] rangeCount; // 0 where there is no range
  private int variables;

  /** An empty selection. */
  public Selection(ParameterLayout layout) {
    this.layout = layout;
    this.whole = new boolean[layout.variables().size()];
    this.start = new int[layout.variables().size() + 1];
    this.rangeFrom = new int[whole.length];
    this.rangeCount = new int[whole.length];
  }

  /** The layout selected from. */
  public ParameterLayout layout() {
    return layout;
  }

  /** Forgets everything; {@link #endVariable} is then due once for each variable. */
  public void clear() {
    Arrays.fill(whole, false);
    Arrays.fill(rangeCount, 0);
    variables = 0;
  }

  /** Forgets everything; nothing of any variable is selected until a range or all of it is. */
  public void selectNothing() {
    clear();
    Arrays.fill(start, 0);
    variables = whole.length;
  }

  /** Selects all entries of all variables. */
  public void selectAll() {
    Arrays.fill(whole, true);
    Arrays.fill(start, 0);
    variables = whole.length;
  }

  /**
   * Appends entries of a block to the variable being filled.
   *
   * @param from index within the variable of the block's first entry
   * @param positions of the entries within the block, ascending
   * @param values the entries themselves
   * @param count of both, how many are taken
   */
  public void add(int from, int[] positions, float[] values, int count) {
    int at = start[variables + 1];
    reserve(at + count);
    for (int i = 0; i < count; i++) {
      index[at + i] = from + positions[i];
    }
    System.arraycopy(values, 0, value, at, count);
    start[variables + 1] = at + count;
  }

  /** Appends one entry to the variable being filled; its index is above those before. */
  public void add(int indexInVariable, float v) {
    int at = start[variables + 1];
    reserve(at + 1);
    index[at] = indexInVariable;
    value[at] = v;
    start[variables + 1] = at + 1;
  }

  /** Appends all entries that another selection has of the variable being filled. */
  public void addAll(Selection other) {
    int at = start[variables + 1];
    int count = other.entries(variables);
    reserve(at + count);
    System.arraycopy(other.index, other.start[variables], index, at, count);
    System.arraycopy(other.value, other.start[variables], value, at, count);
    start[variables + 1] = at + count;
  }

  private void reserve(int size) {
    if (size > index.length) {
      int length = Math.max(size, index.length + index.length / 2);
      index = Arrays.copyOf(index, length);
      value = Arrays.copyOf(value, length);
    }
  }

  /** Begins the next variable; its entries follow those of the one before. */
  public void beginVariable() {
    start[variables + 1] = start[variables];
  }

  /** Ends the variable being filled. */
  public void endVariable() {
    variables++;
  }

  /** Sends all of a variable rather than single entries. */
  public void selectWhole(int variable) {
    whole[variable] = true;
  }

  /** Whether all of a variable is sent. */
  public boolean isWhole(int variable) {
    return whole[variable];
  }

  /**
   * Sends a range of a variable rather than single entries.
   *
   * @param from index within the variable of its first entry
   * @param count how many, at least 1
   */
  public void selectRange(int variable, int from, int count) {
    Objects.checkFromIndexSize(from, count, layout.variables().get(variable).count());
    rangeFrom[variable] = from;
    rangeCount[variable] = count;
  }

  /** Index within the variable of the first entry of its range. */
  public int rangeFrom(int variable) {
    return rangeFrom[variable];
  }

  /** Length of a variable's range; 0 where there is none. */
  public int rangeCount(int variable) {
    return rangeCount[variable];
  }

  /** Number of single entries of a variable. */
  public int entries(int variable) {
    return start[variable + 1] - start[variable];
  }

  /** Keeps those entries whose magnitude is at least the variable's threshold; the order stays. */
  public void retain(float[] thresholds) {
    int to = 0;
    int from = 0;
    for (int v = 0; v < whole.length; v++) {
      // Of numbers that are not negative the bits compare as integers; no branch to mispredict.
      int below = Float.floatToRawIntBits(thresholds[v]) - 1;
      int end = start[v + 1];
      start[v] = to;
      for (; from < end; from++) {
        int magnitude = Float.floatToRawIntBits(value[from]) & Integer.MAX_VALUE;
        index[to] = index[from];
        value[to] = value[from];
        to += (below - magnitude) >>> 31;
      }
    }
    start[whole.length] = to;
  }

  /** Share of the model's elements that are sent, in [0, 1]. */
  public double share() {
    long sent = 0;
    for (int v = 0; v < whole.length; v++) {
      sent +=
          whole[v]
              ? layout.variables().get(v).count()
              : rangeCount[v] > 0 ? rangeCount[v] : entries(v);
    }
    return (double) sent / layout.elements();
  }

  /** Indices within their variables, by position. */
  public int[] indices() {
    return index;
  }

  /** Values, by position; a lossy format rounds them in place before they are written. */
  public float[] values() {
    return value;
  }

  /** Position of a variable's first entry in {@link #indices()} and {@link #values()}. */
  public int firstEntry(int variable) {
    return start[variable];
  }
}
