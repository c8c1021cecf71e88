package io.dlion.engine;

import io.dlion.core.layout.ParameterLayout;
import java.util.List;

/**
 * A built-in model as data: its variables, and its forward pass as TorchScript source. Immutable.
 *
 * @param name a class name for the exported module
 * @param weights what is learned, in the order of the layout
 * @param buffers what is kept but not learned
 * @param source the {@code forward} method
 */
record BuiltInNetwork(
    String name, List<Declaration> weights, List<Declaration> buffers, String source) {
  /**
   * A variable.
   *
   * @param layer the submodule it belongs to
   * @param attribute its name in there
   * @param isCount whether it is a whole number (int64)
   */
  record Declaration(
      String layer, String attribute, List<Long> shape, Initial initial, boolean isCount) {
    /** Copies the shape. */
    Declaration {
      shape = List.copyOf(shape);
    }

    String name() {
      return layer + "." + attribute;
    }

    long[] dimensions() {
      return shape.stream().mapToLong(Long::longValue).toArray();
    }
  }

  /** Copies the lists. */
  BuiltInNetwork {
    weights = List.copyOf(weights);
    buffers = List.copyOf(buffers);
  }

  ParameterLayout parameterLayout() {
    return layout(weights);
  }

  ParameterLayout bufferLayout() {
    return layout(buffers);
  }

  private static ParameterLayout layout(List<Declaration> declarations) {
    ParameterLayout.Builder builder = new ParameterLayout.Builder();
    for (Declaration d : declarations) {
      if (d.isCount) {
        builder.addCount(d.name(), d.dimensions());
      } else {
        builder.add(d.name(), d.dimensions());
      }
    }
    return builder.build();
  }
}
