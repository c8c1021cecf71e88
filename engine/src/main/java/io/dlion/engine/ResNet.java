package io.dlion.engine;

import io.dlion.core.learn.ExampleShape;

/**
 * ResNet-18 (He et al. 2016, table 1) with the stem for small images: a 3×3 convolution of stride 1
 * and no pooling.
 */
record ResNet() implements Architecture {
  /** Three halvings leave 2×2 pixels: with 1×1, a batch of one has no variance to normalise by. */
  private static final int MIN_SIDE = 9;

  private static final int[] CHANNELS = {64, 64, 128, 128, 256, 256, 512, 512};

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
    NetworkBuilder net = new NetworkBuilder("ResNet18");
    int channels = CHANNELS[0];
    net.convolution("conv0", shape.input().get(0), channels, 3, 1, 1);
    net.batchNorm("bn0", channels).relu();
    for (int i = 0; i < CHANNELS.length; i++) {
      block(net, Integer.toString(i + 1), channels, CHANNELS[i]);
      channels = CHANNELS[i];
    }
    return net.globalMean().output("fc", channels, shape.outputs()).build();
  }

  /** A basic block; where the channels grow it halves the size, and so does its short cut. */
  private static void block(NetworkBuilder net, String number, int in, int out) {
    int stride = in == out ? 1 : 2;
    net.line("y = x").on("y");
    net.convolution("a" + number, in, out, 3, stride, 1).batchNorm("a_bn" + number, out).relu();
    net.convolution("b" + number, out, out, 3, 1, 1).batchNorm("b_bn" + number, out);
    net.on("x");
    if (in != out) {
      net.convolution("short" + number, in, out, 1, stride, 1);
      net.batchNorm("short_bn" + number, out);
    }
    net.set("torch.relu(y + %v)");
  }
}
