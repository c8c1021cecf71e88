package io.dlion.core;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import java.util.SplittableRandom;

/** Layouts and values for tests. */
public final class Layouts {
  private static final int[] SIZES = {
    1, 1, 2, 7, 8, 9, 16, 127, 128, 129, 511, 512, 513, 4095, 4096, 4097, 8192, 16385, 40000
  };

  private Layouts() {}

  /** One variable for each count. */
  public static ParameterLayout of(int... counts) {
    ParameterLayout.Builder builder = new ParameterLayout.Builder();
    for (int i = 0; i < counts.length; i++) {
      builder.add("v" + i, counts[i]);
    }
    return builder.build();
  }

  /** One to five variables with sizes around the boundaries of blocks and encodings. */
  public static ParameterLayout random(SplittableRandom random) {
    int[] counts = new int[1 + random.nextInt(5)];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = SIZES[random.nextInt(SIZES.length)];
    }
    return of(counts);
  }

  /** Normally distributed values in all variables, zeros in the gaps. */
  public static float[] normal(ParameterLayout layout, SplittableRandom random) {
    float[] values = new float[layout.size()];
    for (Variable v : layout.variables()) {
      for (int i = v.offset(); i < v.end(); i++) {
        values[i] = (float) random.nextGaussian();
      }
    }
    return values;
  }
}
