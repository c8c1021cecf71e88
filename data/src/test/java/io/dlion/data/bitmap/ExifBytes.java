package io.dlion.data.bitmap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;

/** Image files with an orientation tag, made of files without one. */
public final class ExifBytes {
  private static final byte[] HEADER = {'E', 'x', 'i', 'f', 0, 0};

  private ExifBytes() {}

  /** The TIFF block of Exif data. */
  private static byte[] block(int orientation, ByteOrder order) {
    ByteBuffer b = ByteBuffer.allocate(26).order(order);
    b.putShort((short) (order == ByteOrder.BIG_ENDIAN ? 0x4D4D : 0x4949)).putShort((short) 42);
    b.putInt(8).putShort((short) 1);
    b.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
    return b.array();
  }

  /** Puts an APP1 segment behind the first mark. */
  public static byte[] jpeg(byte[] jpeg, int orientation) {
    byte[] block = block(orientation, ByteOrder.BIG_ENDIAN);
    ByteBuffer b = ByteBuffer.allocate(jpeg.length + 4 + HEADER.length + block.length);
    b.put(jpeg, 0, 2).putShort((short) 0xFFE1).putShort((short) (2 + HEADER.length + block.length));
    b.put(HEADER).put(block).put(jpeg, 2, jpeg.length - 2);
    return b.array();
  }

  /** Puts an eXIf chunk behind the header. */
  static byte[] png(byte[] png, int orientation) {
    byte[] block = block(orientation, ByteOrder.LITTLE_ENDIAN);
    ByteBuffer chunk = ByteBuffer.allocate(12 + block.length);
    chunk.putInt(block.length).put(new byte[] {'e', 'X', 'I', 'f'}).put(block);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + block.length);
    chunk.putInt((int) crc.getValue());
    int headerEnd = 8 + 12 + 13;
    ByteBuffer b = ByteBuffer.allocate(png.length + chunk.capacity());
    b.put(png, 0, headerEnd).put(chunk.array()).put(png, headerEnd, png.length - headerEnd);
    return b.array();
  }

  /** An uncompressed grey TIFF file. */
  static byte[] tiff(int width, int height, int orientation, int... samples) {
    int[][] tags = {
      {256, 4, width},
      {257, 4, height},
      {258, 3, 8},
      {259, 3, 1},
      {262, 3, 1},
      {273, 4, 8},
      {274, 3, orientation},
      {277, 3, 1},
      {278, 4, height},
      {279, 4, samples.length}
    };
    int directory = 8 + samples.length;
    ByteBuffer b = ByteBuffer.allocate(directory + 2 + 12 * tags.length + 4);
    b.order(ByteOrder.LITTLE_ENDIAN).putShort((short) 0x4949).putShort((short) 42);
    b.putInt(directory);
    Arrays.stream(samples).forEach(s -> b.put((byte) s));
    b.putShort((short) tags.length);
    for (int[] tag : tags) {
      b.putShort((short) tag[0]).putShort((short) tag[1]).putInt(1).putInt(tag[2]);
    }
    return b.array();
  }
}
