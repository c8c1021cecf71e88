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
  private static final long UNKNOWN = -1;

  private final ParameterLayout layout;
  private final boolean[] whole;
  private final int[] start; // entries of variable v: start[v] to start[v + 1]
  private int[] index = new int[1024]; // within the variable
  private float[] value = new float[1024];
  private final int[] rangeFrom;
  private final int[] rangeCount; // 0 where there is no range
  private final long[] differenceBytes; // UNKNOWN until somebody asks
  private int variables;

  /** An empty selection. */
  public Selection(ParameterLayout layout) {
    this.layout = layout;
    this.whole = new boolean[layout.variables().size()];
    this.start = new int[layout.variables().size() + 1];
    this.rangeFrom = new int[whole.length];
    this.rangeCount = new int[whole.length];
    this.differenceBytes = new long[whole.length];
  }

  /** The layout selected from. */
  public ParameterLayout layout() {
    return layout;
  }

  /** Forgets everything; {@link #endVariable} is then due once for each variable. */
  public void clear() {
    Arrays.fill(whole, false);
    Arrays.fill(rangeCount, 0);
    Arrays.fill(differenceBytes, UNKNOWN);
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
    retainOf(index, value, start, thresholds);
  }

  /** Selects those single entries of another selection that {@link #retain} would keep there. */
  public void retainOf(Selection other, float[] thresholds) {
    clear();
    variables = whole.length;
    makeRoom(other.start[whole.length] + 1);
    retainOf(other.index, other.value, other.start, thresholds);
  }

  private void retainOf(int[] indices, float[] values, int[] starts, float[] thresholds) {
    Arrays.fill(differenceBytes, UNKNOWN);
    int to = 0;
    int from = 0;
    for (int v = 0; v < whole.length; v++) {
      int end = starts[v + 1];
      start[v] = to;
      to = retain(indices, values, from, end, thresholds[v], index, value, to);
      from = end;
    }
    start[whole.length] = to;
  }

  private static int retain(
      int[] indices,
      float[] values,
      int first,
      int end,
      float threshold,
      int[] toIndices,
      float[] toValues,
      int to) {
    // Of numbers that are not negative the bits compare as integers; no branch to mispredict.
    int below = Float.floatToRawIntBits(threshold) - 1;
    int at = to;
    for (int i = first; i < end; i++) {
      float value = values[i];
      toIndices[at] = indices[i];
      toValues[at] = value;
      at += (below - (Float.floatToRawIntBits(value) & Integer.MAX_VALUE)) >>> 31;
    }
    return at;
  }

  /** Room for that many entries, whatever is there now. */
  private void makeRoom(int size) {
    if (size > index.length) {
      index = new int[size + size / 4];
      value = new float[index.length];
    }
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

  /** Bytes that the indices of a variable's entries take as variable-length differences. */
  long differenceBytes(int variable) {
    if (differenceBytes[variable] == UNKNOWN) {
      int first = start[variable];
      int end = start[variable + 1];
      long bytes = (long) end - first; // one each, and further ones
      for (int bits = 7; bits < 29 && layout.variables().get(variable).count() > 1 << bits; ) {
        bytes += stepsOver(index, first, end, 1 << bits);
        bits += 7;
      }
      differenceBytes[variable] = bytes;
    }
    return differenceBytes[variable];
  }

  /** How many indices are more than that beyond the one before; the first of all is beyond −1. */
  private static int stepsOver(int[] index, int first, int end, int limit) {
    int over = first < end && index[first] + 1 > limit ? 1 : 0;
    for (int i = first + 1; i < end; i++) {
      over += (limit - (index[i] - index[i - 1])) >>> 31; // so that it is vectorised
    }
    return over;
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
