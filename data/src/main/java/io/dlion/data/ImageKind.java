package io.dlion.data;

/**
 * Size and colour of an image, from its header.
 *
 * @param width in pixels
 * @param height in pixels
 * @param grey whether it has no colours
 */
record ImageKind(int width, int height, boolean grey) {
  int channels() {
    return grey ? 1 : 3;
  }
}
