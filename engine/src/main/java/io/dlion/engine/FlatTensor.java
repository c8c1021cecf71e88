package io.dlion.engine;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One flat float32 tensor, zero at first, that holds all variables of a layout one after the other;
 * Java sees the same memory as a segment, valid until {@link #close()}.
 */
final class FlatTensor implements AutoCloseable {
  private final ParameterLayout layout;
  private final Tensor tensor;
  private final Arena arena;
  private final MemorySegment segment;

  @SuppressWarnings("restricted") // the tensor owns as many bytes as the layout says
  FlatTensor(ParameterLayout layout) {
    this.layout = layout;
    try (PointerScope _ = new PointerScope()) {
      tensor = torch.zeros(layout.size());
      tensor.retainReference();
    }
    arena = Arena.ofShared();
    segment =
        layout.size() == 0
            ? MemorySegment.NULL
            : MemorySegment.ofAddress(tensor.data_ptr().address())
                .reinterpret(layout.bytes(), arena, null);
  }

  ParameterLayout layout() {
    return layout;
  }

  Tensor tensor() {
    return tensor;
  }

  MemorySegment segment() {
    return segment;
  }

  /** A variable as a tensor of its shape over this memory. */
  Tensor view(Variable variable) {
    return tensor
        .narrow(0, variable.offset(), variable.count())
        .view(variable.dimensions())
        .detach();
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
      tensor.close();
    }
  }
}
