package io.dlion.data.record;

import static io.dlion.data.record.Encoded.assertUnfit;
import static io.dlion.data.record.Encoded.bytes;
import static io.dlion.data.record.Encoded.png;
import static io.dlion.data.record.Encoded.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.preprocessing.ImagePreprocessing;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.preprocessing.TablePreprocessing;
import io.dlion.data.recognise.DataSets;
import java.awt.image.BufferedImage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamedDataTest {
  private static final DataOptions DEFAULTS = DataOptions.defaults();

  @TempDir Path folder;

  private static MemorySegment encode(DataSet set, RecordSchema schema, byte[] record)
      throws UnfitRecordException {
    return RecordEncoder.of(set, DEFAULTS, schema).encode(record, Optional.empty()).getFirst();
  }

  @Test
  void aSchemaAloneSaysWhatRecordsOfATableAre() throws Exception {
    RecordSchema schema =
        RecordSchema.parse(
            "job",
            Map.of(
                "format", "json",
                "features", List.of("a", "b"),
                "label", "kind",
                "classes", List.of("no", "yes"),
                "mean", List.of(1, 2.0),
                "std", Map.of("a", 10)));
    DataSet set = StreamedData.of("kafka topic", schema);
    assertThat(set.train().count()).isZero();
    assertThat(set.test().count()).isZero();
    assertThat(set.train().shape())
        .isEqualTo(new ExampleShape(List.of(2), ExampleShape.Kind.CLASSIFICATION, 2));
    assertThat(set.description()).contains("no examples yet").doesNotContain("as they are");
    MemorySegment example = encode(set, schema, utf8("{\"b\": 7, \"a\": 21, \"kind\": \"yes\"}"));
    assertThat(example.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0)).isEqualTo(2);
    assertThat(example.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4)).isEqualTo(5);
    assertThat(example.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)).isEqualTo(1);
    assertThat(Preprocessing.parse(set.preprocessing().toJson(), "test"))
        .isEqualTo(set.preprocessing());
  }

  @Test
  void numbersOfUnknownScaleAreTakenAsTheyAre() throws Exception {
    RecordSchema schema =
        RecordSchema.parse(
            "job",
            Map.of(
                "format",
                "csv",
                "columns",
                "x,skip,y",
                "label",
                "y",
                "features",
                "x",
                "task",
                "regression"));
    DataSet set = StreamedData.of("topic", schema);
    assertThat(set.description()).contains("numbers are taken as they are");
    MemorySegment example = encode(set, schema, utf8("3,?,5"));
    assertThat(example.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)).containsExactly(3, 5);
  }

  @Test
  void aSchemaAloneSaysWhatImagesAre() throws Exception {
    RecordSchema schema =
        RecordSchema.parse(
            "job", Map.of("format", "raw", "shape", List.of(1, 1, 2), "classes", 10));
    DataSet set = StreamedData.of("topic", schema);
    assertThat(set.train().shape().input()).containsExactly(1, 1, 2);
    MemorySegment example = encode(set, schema, new byte[] {7, 0, (byte) 255});
    assertThat(example.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0)).isEqualTo(-2);
    assertThat(example.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4)).isEqualTo(2);
    assertThat(example.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)).isEqualTo(7);
    assertUnfit(() -> encode(set, schema, new byte[] {10, 0, 0}), "label:10", "knows 0, 1, 2");
  }

  @Test
  void rowsOfBareNumbersNeedNoNames() throws Exception {
    RecordSchema schema =
        RecordSchema.parse(
            "job", Map.of("format", "raw", "type", "uint8", "shape", "[3]", "classes", "a,b"));
    DataSet set = StreamedData.of("topic", schema);
    MemorySegment example = encode(set, schema, new byte[] {1, 2, (byte) 200, 1});
    assertThat(example.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 8)).isEqualTo(200);
    assertThat(example.get(ValueLayout.JAVA_LONG_UNALIGNED, 12)).isEqualTo(1);
  }

  @Test
  void theFirstRecordsAreMeasuredAsAFileOfThem() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      lines.add(i * 0.7 + "," + List.of("red", "blue").get(i % 2) + "," + i % 3 + "," + i % 7);
    }
    String header = "a,colour,kind,b\n";
    Files.writeString(folder.resolve("train.csv"), header + String.join("\n", lines));
    Files.writeString(folder.resolve("test.csv"), header + String.join("\n", lines));
    DataSet file = DataSets.open(folder.toString(), DEFAULTS.withLabel("kind"));
    RecordSchema schema =
        RecordSchema.parse(
            "job", Map.of("format", "csv", "columns", "a,colour,kind,b", "label", "kind"));
    List<byte[]> records = new ArrayList<>();
    lines.forEach(line -> records.add(utf8(line)));
    records.add(utf8("broken"));
    DataSet set = StreamedData.measured("topic", schema, records);
    assertThat(set.preprocessing()).isEqualTo(file.preprocessing());
    assertThat(set.train().count()).isZero();
    for (int row = 0; row < lines.size(); row++) {
      Encoded.assertRow(encode(set, schema, records.get(row)), file.train(), row);
    }
  }

  @Test
  void theFirstImagesAreMeasuredAsAFolderOfThem() throws Exception {
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      byte[] png = png(6, 5, BufferedImage.TYPE_INT_RGB, i);
      String label = i % 2 == 0 ? "cat" : "dog";
      for (String split : List.of("train", "test")) {
        Path file = folder.resolve(split).resolve(label).resolve(i + ".png");
        Files.createDirectories(file.getParent());
        Files.write(file, png);
      }
      String base64 = Base64.getEncoder().encodeToString(png);
      records.add(utf8("{\"image\": \"" + base64 + "\", \"label\": \"" + label + "\"}"));
    }
    RecordSchema schema =
        RecordSchema.parse(
            "job", Map.of("format", "json", "shape", "3,5,6", "classes", "cat, dog"));
    DataSet set = StreamedData.measured("topic", schema, records);
    var measured = (ImagePreprocessing) set.preprocessing();
    var folders = (ImagePreprocessing) DataSets.open(folder.toString(), DEFAULTS).preprocessing();
    assertThat(measured).isEqualTo(folders);
  }

  @Test
  void recordsOfWhichNoneFitsAreAnError() {
    RecordSchema schema =
        RecordSchema.parse("job", Map.of("format", "json", "features", "a", "classes", "x,y"));
    assertThatThrownBy(() -> StreamedData.measured("topic", schema, List.of(utf8("no"))))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("topic: expected records")
        .hasMessageContaining("expected JSON");
  }

  @Test
  void aFolderIsMeasuredAndItsFilesComeByTheStream() throws Exception {
    String rows = "a,y\n" + "1,x\n2,z\n3,x\n4,z\n".repeat(5);
    Files.writeString(folder.resolve("one.csv"), rows);
    DataSet heldOut = StreamedData.ofFolder(folder.toString(), DEFAULTS);
    assertThat(heldOut.train().count()).isZero();
    assertThat(heldOut.test().count()).isZero();
    assertThat(((TablePreprocessing) heldOut.preprocessing()).classNames())
        .containsExactly("x", "z");
    FileExamples file =
        RecordEncoder.ofFiles(heldOut, DEFAULTS).open(folder, folder.resolve("one.csv"));
    assertThat(bytes(file.example(0))).hasSize(12);
    Files.move(folder.resolve("one.csv"), folder.resolve("train.csv"));
    Files.writeString(folder.resolve("test.csv"), rows);
    DataSet own = StreamedData.ofFolder(folder.toString(), DEFAULTS);
    assertThat(own.train().count()).isZero();
    assertThat(own.test().count()).isEqualTo(20);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "formt|json|unknown key 'formt'|did you mean 'format'?",
        "format|jsn|one of json, csv, raw, image, text|did you mean 'json'?",
        "type|int8|one of uint8, float32|int8",
        "label-at|middle|one of first, last|middle",
        "task|guess|one of classification, regression|guess",
        "shape|2,28,28|[channels, height, width]|[2, 28, 28]",
        "shape|0|whole numbers from 1|0",
        "features|a,b,a|different names|a, b, a",
        "features|a,,b|a name|an empty one",
        "classes|one|at least two|one",
        "classes|0|whole numbers from 1|0",
        "std|0|positive numbers|0",
        "mean|[1,2,3]|2 numbers, one for each feature|3",
        "mean|much|numbers|much",
        "delimiter|words|a character|words",
        "label|a|not among the features|a"
      })
  void mistakesInSchemasAreTold(String key, String value, String expected, String found) {
    Map<String, Object> values = new HashMap<>(Map.of("format", "json", "features", "a,b"));
    values.put(key, value);
    assertThatThrownBy(() -> RecordSchema.parse("job.yaml: stream", values))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("job.yaml: stream: ")
        .hasMessageContaining(key)
        .hasMessageContaining(expected)
        .hasMessageContaining(found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "features|features: expected",
        "classes|classes: expected",
      })
  void whatASchemaDoesNotSayIsTold(String without, String told) {
    Map<String, Object> values =
        new HashMap<>(Map.of("format", "json", "features", "a", "classes", "x,y"));
    values.remove(without);
    RecordSchema schema = RecordSchema.parse("job", values);
    assertThatThrownBy(() -> StreamedData.of("topic", schema))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(told);
    RecordSchema image = RecordSchema.parse("job", Map.of("format", "image", "classes", "x,y"));
    assertThatThrownBy(() -> StreamedData.of("topic", image))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("shape: expected");
  }
}
