package io.dlion.data.bitmap;

/**
 * Size and colour of an image, from its header.
 *
 * @param width in pixels, after turning
 * @param height in pixels, after turning
 * @param grey whether it has no colours
 * @param transparent whether it has an alpha channel
 * @param turned whether an orientation tag says that it is to be turned or mirrored
 */
public record ImageKind(int width, int height, boolean grey, boolean transparent, boolean turned) {}
