package io.dlion.data.record;

import io.dlion.core.Phrase;
import io.dlion.core.learn.ExampleShape;
import io.dlion.data.preprocessing.TextPreprocessing;
import io.dlion.data.text.TextFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Encodes texts: sequences one after the other, whose targets are the symbols that follow. What
 * does not fill a sequence at the end of a record is dropped. Confined to one thread.
 */
public final class TextEncoder implements RecordEncoder {
  private static final long FILE_BYTES_MAX = 1L << 26;

  private final TextPreprocessing preprocessing;
  private final RecordSchema schema;
  private final int[] vocabulary;
  private final FieldTexts fields = new FieldTexts(List.of("text"));

  TextEncoder(TextPreprocessing preprocessing, RecordSchema schema) {
    this.preprocessing = preprocessing;
    this.schema = schema;
    this.vocabulary = preprocessing.symbols().codePoints().toArray();
  }

  @Override
  public ExampleShape shape() {
    return preprocessing.shape();
  }

  @Override
  public List<MemorySegment> encode(byte[] record, Optional<String> label)
      throws UnfitRecordException {
    return schema.format() == RecordFormat.JSON ? json(record) : text(record);
  }

  /** Encodes {@code {"text": "…"}}. */
  public List<MemorySegment> json(byte[] record) throws UnfitRecordException {
    fields.json(record);
    @Nullable String text = fields.text(0);
    if (text == null) {
      throw new UnfitRecordException("missing:text", "expected a field 'text', found none");
    }
    return all(text.codePoints().toArray());
  }

  /** Encodes a text in UTF-8. */
  public List<MemorySegment> text(byte[] record) throws UnfitRecordException {
    return all(Received.text(record).codePoints().toArray());
  }

  private List<MemorySegment> all(int[] points) throws UnfitRecordException {
    int count = requireSome(points);
    List<MemorySegment> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      examples.add(example(points, i));
    }
    return examples;
  }

  private int requireSome(int[] points) throws UnfitRecordException {
    int count = (points.length - 1) / preprocessing.sequenceLength();
    if (count < 1) {
      throw UnfitRecordException.expected(
          "short",
          Phrase.of("more than the %,d characters of a sequence", preprocessing.sequenceLength()),
          Phrase.of("%,d", points.length));
    }
    return count;
  }

  private MemorySegment example(int[] points, int index) throws UnfitRecordException {
    int length = preprocessing.sequenceLength();
    MemorySegment example = MemorySegment.ofArray(new byte[16 * length]);
    int first = index * length;
    for (int k = 0; k <= length; k++) {
      long symbol = symbol(points[first + k]);
      if (k < length) {
        example.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * k, symbol);
      }
      if (k > 0) {
        example.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * (length + k - 1), symbol);
      }
    }
    return example;
  }

  private int symbol(int point) throws UnfitRecordException {
    int symbol = Arrays.binarySearch(vocabulary, point);
    if (symbol < 0) {
      String code = Phrase.of("U+%04X", point);
      throw new UnfitRecordException(
          "symbol:" + code,
          Phrase.of(
              "expected only the %d characters of the training text, found %s",
              vocabulary.length,
              Character.isISOControl(point)
                  ? code
                  : Phrase.of("'%s' (%s)", Character.toString(point), code)));
    }
    return symbol;
  }

  @Override
  public FileExamples open(Path root, Path file) throws UnfitRecordException {
    FileBytes.length(file, FILE_BYTES_MAX);
    int[] points = FileBytes.reading(file, () -> TextFile.decode(file)).codePoints().toArray();
    int count = requireSome(points);
    return new FileExamples() {
      @Override
      public int count() {
        return count;
      }

      @Override
      public MemorySegment example(int index) throws UnfitRecordException {
        return TextEncoder.this.example(points, index);
      }
    };
  }
}
