package io.dlion.engine;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Examples;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Native memory into which examples are copied and from which libtorch reads them. It grows when a
 * larger batch comes and never shrinks. Images lie as height, width, channel: in libtorch's words a
 * tensor [batch, channels, height, width] in the memory format {@code channels_last}. A model that
 * needs them channel by channel gets a copy.
 */
final class Batch implements AutoCloseable {
  private final ExampleShape shape;
  private final boolean contiguous;
  private int capacity;
  private Tensor inputs = new Tensor();
  private Tensor targets = new Tensor();
  private MemorySegment inputSegment = MemorySegment.NULL;
  private MemorySegment targetSegment = MemorySegment.NULL;

  /**
   * An empty batch.
   *
   * @param contiguous whether images are to lie channel by channel
   */
  Batch(ExampleShape shape, boolean contiguous) {
    this.shape = shape;
    this.contiguous = contiguous;
  }

  /** Copies the first {@code size} of {@code rows}. */
  void fill(Examples examples, int[] rows, int size) {
    if (size > capacity) {
      grow(size);
    }
    examples.copy(rows, size, inputSegment, targetSegment);
  }

  /** The first {@code size} inputs; belongs to the current pointer scope. */
  Tensor inputs(int size) {
    long elements = (long) size * shape.inputElements();
    Tensor flat = inputs.narrow(0, 0, elements);
    List<Integer> in = shape.input();
    if (shape.isImage()) {
      Tensor images = flat.view(size, in.get(1), in.get(2), in.get(0)).permute(0, 3, 1, 2);
      // By way of one dimension: contiguous() leaves an image of one channel as it is, whose
      // strides
      // still make convolutions answer in channels_last.
      return contiguous ? images.reshape(-1).view(images.shape()) : images;
    }
    long[] dimensions = new long[1 + in.size()];
    dimensions[0] = size;
    for (int i = 0; i < in.size(); i++) {
      dimensions[1 + i] = in.get(i);
    }
    return flat.view(dimensions);
  }

  /** The first {@code size} targets; belongs to the current pointer scope. */
  Tensor targets(int size) {
    Tensor flat = targets.narrow(0, 0, (long) size * shape.targetElements());
    return switch (shape.kind()) {
      case CLASSIFICATION -> flat;
      case REGRESSION, NEXT_SYMBOL -> flat.view(size, shape.targetElements());
    };
  }

  private void grow(int size) {
    close();
    try (PointerScope _ = new PointerScope()) {
      inputs = allocate((long) size * shape.inputElements(), shape.kind() == Kind.NEXT_SYMBOL);
      targets = allocate((long) size * shape.targetElements(), shape.kind() != Kind.REGRESSION);
    }
    inputSegment = segment(inputs);
    targetSegment = segment(targets);
    capacity = size;
  }

  private static Tensor allocate(long elements, boolean integers) {
    ScalarType type = integers ? ScalarType.Long : ScalarType.Float;
    Tensor tensor = torch.zeros(new long[] {elements}, new TensorOptions(type));
    tensor.retainReference();
    return tensor;
  }

  @SuppressWarnings("restricted") // the tensor owns as many bytes as it says
  private static MemorySegment segment(Tensor tensor) {
    return MemorySegment.ofAddress(tensor.data_ptr().address()).reinterpret(tensor.nbytes());
  }

  @Override
  public void close() {
    inputs.close();
    targets.close();
    capacity = 0;
  }
}
