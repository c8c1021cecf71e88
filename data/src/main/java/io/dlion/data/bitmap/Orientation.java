package io.dlion.data.bitmap;

/**
 * How the rows and columns of a stored image lie, in the order of the values of the orientation tag
 * of TIFF and Exif. Cameras store pixels as the sensor delivers them and set this tag; viewers turn
 * the image by it.
 *
 * @see <a href="https://www.loc.gov/preservation/digital/formats/content/tiff_tags.shtml">TIFF
 *     tags, 274</a>
 */
enum Orientation {
  NORMAL(false, false, false),
  MIRRORED(false, true, false),
  HALF_TURN(false, true, true),
  UPSIDE_DOWN(false, false, true),
  TRANSPOSED(true, false, false),
  QUARTER_TURN(true, true, false),
  TRANSVERSED(true, true, true),
  QUARTER_TURN_BACK(true, false, true);

  private static final Orientation[] VALUES = values();

  private final boolean transposes;
  private final boolean flipsColumns;
  private final boolean flipsRows;

  /**
   * Transposing comes first, then flipping.
   *
   * @param flipsColumns whether the first column becomes the last
   * @param flipsRows whether the first row becomes the last
   */
  Orientation(boolean transposes, boolean flipsColumns, boolean flipsRows) {
    this.transposes = transposes;
    this.flipsColumns = flipsColumns;
    this.flipsRows = flipsRows;
  }

  /** By the tag's value; other values than 1 to 8 mean nothing. */
  static Orientation of(int tag) {
    return tag >= 1 && tag <= VALUES.length ? VALUES[tag - 1] : NORMAL;
  }

  /** Whether width and height change places. */
  boolean transposes() {
    return transposes;
  }

  /** The image as it is to be seen. */
  Bitmap turn(Bitmap stored) {
    if (this == NORMAL) {
      return stored;
    }
    int channels = stored.channels();
    int width = transposes ? stored.height() : stored.width();
    int height = transposes ? stored.width() : stored.height();
    byte[] turned = new byte[stored.samples().length];
    int to = 0;
    for (int y = 0; y < height; y++) {
      int row = flipsRows ? height - 1 - y : y;
      for (int x = 0; x < width; x++) {
        int column = flipsColumns ? width - 1 - x : x;
        int pixel = transposes ? column * stored.width() + row : row * stored.width() + column;
        for (int c = 0; c < channels; c++) {
          turned[to++] = stored.samples()[pixel * channels + c];
        }
      }
    }
    return new Bitmap(width, height, channels, turned);
  }
}
