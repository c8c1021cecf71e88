package io.dlion.engine;

import io.dlion.core.learn.ExampleShape;

/**
 * MobileNetV1: depthwise separable convolutions (Howard et al. 2017, table 1), with stride 1
 * instead of 2 in the first layer, as is usual for small images.
 */
record MobileNet() implements Architecture {
  /** Four halvings leave 2×2 pixels: with 1×1, a batch of one has no variance to normalise by. */
  private static final int MIN_SIDE = 17;

  private static final int[] CHANNELS = {
    64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024
  };
  private static final int[] STRIDES = {1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1};

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
    NetworkBuilder net = new NetworkBuilder("MobileNet");
    int channels = 32;
    net.convolution("conv0", shape.input().get(0), channels, 3, 1, 1);
    net.batchNorm("bn0", channels).relu();
    for (int i = 0; i < CHANNELS.length; i++) {
      String number = Integer.toString(i + 1);
      net.convolution("depthwise" + number, channels, channels, 3, STRIDES[i], channels);
      net.batchNorm("depthwise_bn" + number, channels).relu();
      net.convolution("pointwise" + number, channels, CHANNELS[i], 1, 1, 1);
      net.batchNorm("pointwise_bn" + number, CHANNELS[i]).relu();
      channels = CHANNELS[i];
    }
    return net.globalMean().output("fc", channels, shape.outputs()).build();
  }
}
