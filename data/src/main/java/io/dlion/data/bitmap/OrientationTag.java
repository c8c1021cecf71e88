package io.dlion.data.bitmap;

import java.io.IOException;
import java.nio.ByteOrder;
import javax.imageio.stream.ImageInputStream;

/**
 * Finds the orientation tag of an image file: in the first directory of a TIFF file, or of the TIFF
 * block that a JPEG, PNG or WebP file holds as Exif data. What is damaged counts as absent, as in
 * viewers: the image itself may be whole.
 */
final class OrientationTag {
  private static final int ORIENTATION = 0x0112;
  private static final int SHORT = 3;

  private static final int JPEG_APP1 = 0xFFE1;
  private static final int JPEG_START_OF_SCAN = 0xFFDA;
  private static final long EXIF_HEADER = 0x4578_6966_0000L; // "Exif", 0, 0
  private static final long PNG_MARK = 0x8950_4E47_0D0A_1A0AL;
  private static final int PNG_EXIF = 0x6558_4966;
  private static final int PNG_DATA = 0x4944_4154;
  private static final int RIFF = 0x5249_4646;
  private static final int WEBP = 0x5745_4250;
  private static final int WEBP_EXTENDED = 0x5650_3858;
  private static final int WEBP_HAS_EXIF = 0x08;
  private static final int WEBP_EXIF = 0x4558_4946;

  private final ImageInputStream in;

  private OrientationTag(ImageInputStream in) {
    this.in = in;
  }

  /** Reads from the start of a file, and leaves the position there. */
  static Orientation read(ImageInputStream in) throws IOException {
    try {
      in.setByteOrder(ByteOrder.BIG_ENDIAN);
      return Orientation.of(new OrientationTag(in).find());
    } catch (IOException | IndexOutOfBoundsException _) {
      return Orientation.NORMAL;
    } finally {
      in.setByteOrder(ByteOrder.BIG_ENDIAN);
      in.seek(0);
    }
  }

  private int find() throws IOException {
    long start = in.readLong();
    if (start >>> 48 == 0xFFD8) {
      return jpeg();
    }
    if (start == PNG_MARK) {
      return png();
    }
    if (start >>> 32 == RIFF) {
      return in.readInt() == WEBP ? webp() : 0;
    }
    return tiff(0);
  }

  private int jpeg() throws IOException {
    in.seek(2);
    while (true) {
      int marker = in.readUnsignedShort();
      if (marker >>> 8 != 0xFF || marker == JPEG_START_OF_SCAN) {
        return 0;
      }
      long segment = in.getStreamPosition();
      int length = in.readUnsignedShort();
      if (marker == JPEG_APP1 && length > 8 && in.readLong() >>> 16 == EXIF_HEADER) {
        return tiff(segment + 8);
      }
      in.seek(segment + length);
    }
  }

  private int png() throws IOException {
    while (true) {
      long length = in.readUnsignedInt();
      int type = in.readInt();
      if (type == PNG_EXIF) {
        return tiff(in.getStreamPosition());
      }
      if (type == PNG_DATA) {
        return 0;
      }
      in.seek(in.getStreamPosition() + length + 4);
    }
  }

  private int webp() throws IOException {
    long chunk = in.getStreamPosition();
    if (in.readInt() != WEBP_EXTENDED) {
      return 0;
    }
    in.seek(chunk + 8);
    if ((in.readUnsignedByte() & WEBP_HAS_EXIF) == 0) {
      return 0;
    }
    while (true) {
      in.seek(chunk);
      in.setByteOrder(ByteOrder.BIG_ENDIAN);
      int type = in.readInt();
      in.setByteOrder(ByteOrder.LITTLE_ENDIAN);
      long length = in.readUnsignedInt();
      if (type == WEBP_EXIF) {
        return exif(in.getStreamPosition());
      }
      chunk = in.getStreamPosition() + length + length % 2;
    }
  }

  /** Some programs write the header that JPEG needs in WebP too. */
  private int exif(long start) throws IOException {
    in.setByteOrder(ByteOrder.BIG_ENDIAN);
    boolean header = in.readLong() >>> 16 == EXIF_HEADER;
    return tiff(header ? start + 6 : start);
  }

  /**
   * @param start of the TIFF data, from which its offsets count
   */
  private int tiff(long start) throws IOException {
    in.seek(start);
    int order = in.readUnsignedShort();
    if (order != 0x4949 && order != 0x4D4D) {
      return 0;
    }
    in.setByteOrder(order == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    if (in.readUnsignedShort() != 42) {
      return 0;
    }
    in.seek(start + in.readUnsignedInt());
    int entries = in.readUnsignedShort();
    for (int i = 0; i < entries; i++) {
      int tag = in.readUnsignedShort();
      int type = in.readUnsignedShort();
      in.skipBytes(4); // the count
      int value = in.readUnsignedShort();
      in.skipBytes(2);
      if (tag == ORIENTATION && type == SHORT) {
        return value;
      }
    }
    return 0;
  }
}
