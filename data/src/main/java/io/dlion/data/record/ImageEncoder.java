package io.dlion.data.record;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape;
import io.dlion.data.bitmap.Bitmap;
import io.dlion.data.bitmap.ImageFile;
import io.dlion.data.bitmap.ImageKind;
import io.dlion.data.bitmap.Resizing;
import io.dlion.data.image.PixelScale;
import io.dlion.data.preprocessing.DataKind;
import io.dlion.data.preprocessing.ImagePreprocessing;
import io.dlion.data.preprocessing.Standard;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Encodes images with a class each. Confined to one thread. */
public final class ImageEncoder implements RecordEncoder {
  private static final int IMAGE = 0;
  private static final int LABEL = 1;

  private final ImagePreprocessing preprocessing;
  private final RecordSchema schema;
  private final PixelScale scale;
  private final ClassNumbers classes;
  private final FieldTexts fields;
  private final String labelField;
  private final float[] pixels;

  ImageEncoder(ImagePreprocessing preprocessing, RecordSchema schema) {
    this.preprocessing = preprocessing;
    this.schema = schema;
    this.scale = new PixelScale(preprocessing.scales());
    this.classes = new ClassNumbers(preprocessing.namesOrNumbers());
    this.labelField = schema.label().orElse("label");
    this.fields = new FieldTexts(List.of("image", labelField));
    this.pixels = new float[preprocessing.shape().inputElements()];
  }

  @Override
  public ExampleShape shape() {
    return preprocessing.shape();
  }

  @Override
  public List<MemorySegment> encode(byte[] record, Optional<String> label)
      throws UnfitRecordException {
    return List.of(
        switch (schema.format()) {
          case JSON -> json(record);
          case RAW -> raw(record);
          case IMAGE ->
              image(
                  record,
                  label.orElseThrow(() ->
                      new UnfitRecordException(
                          "missing:label",
                          "expected the class of the image beside it, found none")));
          case CSV, TEXT -> throw new IllegalStateException(schema.format().key());
        });
  }

  /**
   * Encodes a whole image file, such as PNG or JPEG.
   *
   * @param label name of its class
   */
  public MemorySegment image(byte[] file, String label) throws UnfitRecordException {
    return image("the image", Received.checked(file), classes.of(label));
  }

  /** Encodes {@code {"image": "BASE64", "label": "cat"}}. */
  public MemorySegment json(byte[] record) throws UnfitRecordException {
    fields.json(record);
    int label = classes.of(field(LABEL, labelField));
    return image("the image", base64(), label);
  }

  private byte[] base64() throws UnfitRecordException {
    String text = field(IMAGE, "image");
    // A browser's "data:image/png;base64," may stand before it.
    int from = text.startsWith("data:") ? text.indexOf(',') + 1 : 0;
    try {
      return Received.checked(Base64.getDecoder().decode(text.substring(from)));
    } catch (IllegalArgumentException e) {
      throw new UnfitRecordException(
          "image", "field 'image': expected base64: " + e.getMessage(), e);
    }
  }

  private String field(int place, String name) throws UnfitRecordException {
    @Nullable String text = fields.text(place);
    if (text == null || text.isEmpty()) {
      throw new UnfitRecordException(
          "missing:" + name, Phrase.of("expected a field '%s', found none", name));
    }
    return text;
  }

  /**
   * Encodes bare pixels and a label: as bytes, or as numbers from 0 to 1. All of one colour stand
   * before all of the next, row by row.
   */
  public MemorySegment raw(byte[] record) throws UnfitRecordException {
    RawLayout layout = checkedRaw(record);
    int label = classes.of(layout.label(record));
    if (layout.type() == RawLayout.Type.UINT8) {
      return samples(interleaved(record, layout.offset()), label);
    }
    int channels = preprocessing.channels();
    for (int i = 0; i < pixels.length; i++) {
      Standard standard = preprocessing.scales().get(i % channels);
      double value = layout.value(record, i % channels * plane() + i / channels);
      pixels[i] = standard.standardised(value);
      if (!Float.isFinite(pixels[i])) {
        throw new UnfitRecordException(
            "number", Phrase.of("pixel %,d: expected a finite number, found %s", i, value));
      }
    }
    return example(label);
  }

  private RawLayout checkedRaw(byte[] record) throws UnfitRecordException {
    RawLayout layout = schema.raw(DataKind.IMAGES);
    String expected =
        Phrase.of(
            "%d·%d·%d pixels",
            preprocessing.channels(), preprocessing.height(), preprocessing.width());
    layout.require(Received.checked(record), pixels.length, expected);
    return layout;
  }

  private int plane() {
    return preprocessing.height() * preprocessing.width();
  }

  /** The channels of each pixel side by side. */
  private byte[] interleaved(byte[] from, int offset) {
    int channels = preprocessing.channels();
    byte[] samples = new byte[pixels.length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = from[offset + i % channels * plane() + i / channels];
    }
    return samples;
  }

  /** The image of a record as it is before it is normalised; its label is not looked at. */
  Bitmap decode(byte[] record) throws UnfitRecordException {
    if (schema.format() == RecordFormat.RAW) {
      byte[] samples = interleaved(record, checkedRaw(record).offset());
      return new Bitmap(
          preprocessing.width(), preprocessing.height(), preprocessing.channels(), samples);
    }
    byte[] file = Received.checked(record);
    if (schema.format() == RecordFormat.JSON) {
      fields.json(record);
      file = base64();
    }
    return decode("the image", file);
  }

  private MemorySegment samples(byte[] samples, int label) {
    scale.apply(samples, 0, preprocessing.channels(), pixels);
    return example(label);
  }

  private MemorySegment example(int label) {
    MemorySegment example = MemorySegment.ofArray(new byte[4 * pixels.length + 8]);
    MemorySegment.copy(pixels, 0, example, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, pixels.length);
    example.set(ValueLayout.JAVA_LONG_UNALIGNED, 4L * pixels.length, label);
    return example;
  }

  private MemorySegment image(String place, byte[] file, int label) throws UnfitRecordException {
    return bitmap(decode(place, file), label);
  }

  private Bitmap decode(String place, byte[] file) throws UnfitRecordException {
    try {
      return ImageFile.decode(place, file, kind -> channels(place, kind));
    } catch (UserError e) {
      throw new UnfitRecordException("image", String.valueOf(e.getMessage()), e);
    }
  }

  /** Those of the examples; fails where an image cannot be brought to what they look like. */
  private int channels(String place, ImageKind kind) {
    boolean size =
        preprocessing.resized()
            || (kind.width() == preprocessing.width() && kind.height() == preprocessing.height());
    if (!size || (preprocessing.channels() == 1 && !kind.grey())) {
      throw new UserError(
          Phrase.of(
              "%s: expected an image of %s, found %s",
              place,
              ImagePreprocessing.size(
                  preprocessing.width(), preprocessing.height(), preprocessing.channels()),
              ImagePreprocessing.size(kind.width(), kind.height(), kind.grey() ? 1 : 3)));
    }
    return preprocessing.channels();
  }

  /**
   * Encodes an image that is decoded.
   *
   * @param place names it in an error
   * @param className name of its class
   */
  MemorySegment bitmap(String place, Bitmap image, String className) throws UnfitRecordException {
    int label = classes.of(className);
    try {
      ImageKind kind =
          new ImageKind(image.width(), image.height(), image.channels() == 1, false, false);
      channels(place, kind);
    } catch (UserError e) {
      throw new UnfitRecordException("image", String.valueOf(e.getMessage()), e);
    }
    return bitmap(image, label);
  }

  private MemorySegment bitmap(Bitmap image, int label) {
    boolean fits =
        image.width() == preprocessing.width() && image.height() == preprocessing.height();
    Bitmap square = fits ? image : Resizing.square(image, preprocessing.width());
    return samples(
        square.channels() < preprocessing.channels() ? coloured(square) : square.samples(), label);
  }

  private static byte[] coloured(Bitmap grey) {
    byte[] colour = new byte[3 * grey.samples().length];
    for (int i = 0; i < colour.length; i++) {
      colour[i] = grey.samples()[i / 3];
    }
    return colour;
  }

  @Override
  public FileExamples open(Path root, Path file) throws UnfitRecordException {
    return new ImageArrivals(this, classes).open(root, file);
  }

  /** Encodes an image file of a folder. */
  MemorySegment file(Path file, int label) throws UnfitRecordException {
    return image(file.toString(), FileBytes.read(file, RECORD_BYTES_MAX), label);
  }
}
