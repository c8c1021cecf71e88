package io.dlion.core.exchange;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.wire.GradientSource;
import io.dlion.core.wire.Selection;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * What a worker owes to all its peers alike, {@code e ← β·e + Δ}. What is sent of it is taken off,
 * and written to where Δ was, so that the worker applies the very same values as its peers and
 * replicas stay equal bit by bit. Not thread safe.
 */
final class Residual implements GradientSource {
  private final List<Variable> variables;
  private final float feedback;
  private final float[] owed;
  private final float[] block = new float[Blocks.BLOCK];
  private MemorySegment distance = MemorySegment.NULL;

  /**
   * Nothing is owed.
   *
   * @param feedback β: how much of what was owed still is when a distance is added
   */
  Residual(ParameterLayout layout, double feedback) {
    this.variables = layout.variables();
    this.feedback = (float) feedback;
    this.owed = new float[layout.size()];
  }

  /**
   * Adds the variables of a part. They become zero where they were: nothing of them is sent yet.
   */
  void add(MemorySegment added, Selection part) {
    distance = added;
    for (int v = 0; v < variables.size(); v++) {
      if (part.isWhole(v)) {
        add(variables.get(v));
      }
    }
  }

  private void add(Variable v) {
    for (int at = v.offset(); at < v.end(); at += block.length) {
      int count = Math.min(block.length, v.end() - at);
      Blocks.read(distance, at, count, block);
      for (int i = 0; i < count; i++) {
        owed[at + i] = feedback * owed[at + i] + block[i];
        block[i] = 0;
      }
      Blocks.write(block, count, distance, at);
    }
  }

  /** All of a part counts as sent: there is nobody to send it to. */
  void settle(Selection part) {
    for (int v = 0; v < variables.size(); v++) {
      Variable variable = variables.get(v);
      for (int at = variable.offset(); part.isWhole(v) && at < variable.end(); ) {
        int count = Math.min(block.length, variable.end() - at);
        read(at, count, block);
        sent(at, count, block);
        at += count;
      }
    }
  }

  /** What is owed, of the layout; not to be changed. */
  float[] owed() {
    return owed;
  }

  @Override
  public void read(int offset, int count, float[] to) {
    System.arraycopy(owed, offset, to, 0, count);
  }

  @Override
  public void sent(int offset, int count, float[] values) {
    for (int i = 0; i < count; i++) {
      owed[offset + i] -= values[i];
    }
    Blocks.write(values, count, distance, offset);
  }

  @Override
  public void sent(int offset, int[] indices, float[] values, int first, int end) {
    for (int i = first; i < end; i++) {
      int at = offset + indices[i];
      owed[at] -= values[i];
      distance.setAtIndex(ValueLayout.JAVA_FLOAT, at, values[i]);
    }
  }
}
