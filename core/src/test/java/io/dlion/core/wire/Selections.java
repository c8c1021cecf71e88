package io.dlion.core.wire;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import java.util.SplittableRandom;

/** Random selections and a source of values that remembers what was sent. */
final class Selections {
  private static final double[] DENSITIES = {0, 0.0005, 0.01, 0.05, 0.2, 0.5, 0.8, 0.99, 1};

  private Selections() {}

  /** Nothing, everything, a range, or entries at some density, for each variable. */
  static Selection random(ParameterLayout layout, float[] values, SplittableRandom random) {
    Selection selection = new Selection(layout);
    selection.clear();
    for (int v = 0; v < layout.variables().size(); v++) {
      selection.beginVariable();
      Variable variable = layout.variables().get(v);
      double density = DENSITIES[random.nextInt(DENSITIES.length)];
      // Half of the time all in one run, where differences are as small as they can be.
      int from = random.nextBoolean() ? 0 : random.nextInt(variable.count());
      boolean run = from > 0;
      for (int i = from; i < variable.count(); i++) {
        if (run ? i < from + density * variable.count() : random.nextDouble() < density) {
          selection.add(i, values[variable.offset() + i]);
        }
      }
      selection.endVariable();
      int other = random.nextInt(8);
      if (other == 0) {
        selection.selectWhole(v);
      } else if (other == 1) {
        int first = random.nextInt(variable.count());
        selection.selectRange(v, first, 1 + random.nextInt(variable.count() - first));
      }
    }
    return selection;
  }

  /** Every entry. */
  static Selection whole(ParameterLayout layout) {
    Selection selection = new Selection(layout);
    for (int v = 0; v < layout.variables().size(); v++) {
      selection.selectWhole(v);
    }
    return selection;
  }

  /** An array of values that remembers what receivers were sent of it. */
  static final class Remembering implements GradientSource {
    final float[] values;
    final float[] sent;

    Remembering(float[] values) {
      this.values = values;
      this.sent = new float[values.length];
    }

    @Override
    public void read(int offset, int count, float[] block) {
      System.arraycopy(values, offset, block, 0, count);
    }

    @Override
    public void sent(int offset, int count, float[] block) {
      System.arraycopy(block, 0, sent, offset, count);
    }

    @Override
    public void sent(int offset, int[] indices, float[] values, int first, int end) {
      for (int i = first; i < end; i++) {
        sent[offset + indices[i]] = values[i];
      }
    }
  }
}
