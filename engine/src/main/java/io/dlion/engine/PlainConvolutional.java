package io.dlion.engine;

import io.dlion.core.learn.ExampleShape;
import java.util.List;

/**
 * 3×3 convolutions with ReLU, in blocks that each end in 2×2 max-pooling; then one hidden layer.
 *
 * @param blocks output channels of each convolution, block by block
 * @param hidden width of the hidden layer
 */
record PlainConvolutional(String className, List<List<Integer>> blocks, int hidden)
    implements Architecture {
  private static final int MIN_SIDE = 8;

  @Override
  public String takes() {
    return "images of at least " + MIN_SIDE + "×" + MIN_SIDE + " pixels";
  }

  @Override
  public boolean fits(ExampleShape shape) {
    return Architecture.isImageOf(shape, MIN_SIDE);
  }

  @Override
  public BuiltInNetwork network(ExampleShape shape) {
    NetworkBuilder net = new NetworkBuilder(className);
    long channels = shape.input().get(0);
    int layer = 1;
    for (List<Integer> block : blocks) {
      for (int out : block) {
        net.biasedConvolution("conv" + layer++, channels, out, 3).relu();
        channels = out;
      }
      net.maxPool();
    }
    long height = shape.input().get(1) >> blocks.size();
    long width = shape.input().get(2) >> blocks.size();
    return net.flatten()
        .hidden("fc1", channels * height * width, hidden)
        .output("fc2", hidden, shape.outputs())
        .build();
  }
}
