package io.dlion.data.record;

import static io.dlion.data.record.Encoded.assertRow;
import static io.dlion.data.record.Encoded.assertUnfit;
import static io.dlion.data.record.Encoded.bytes;
import static io.dlion.data.record.Encoded.row;
import static io.dlion.data.record.Encoded.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.recognise.DataSets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableEncoderTest {
  private static final DataOptions DEFAULTS = DataOptions.defaults();

  @TempDir Path folder;

  private DataSet set;
  private TableEncoder encoder;

  private static DataSet open(Path file) {
    return DataSets.open(file.toString(), DEFAULTS);
  }

  private static TableEncoder encoder(DataSet set, RecordSchema schema) {
    return (TableEncoder) RecordEncoder.of(set, DEFAULTS, schema);
  }

  /** A table to learn from with all that can stand in one, and a train part of all rows. */
  @BeforeEach
  void write() throws IOException {
    List<String> lines = lines();
    Files.writeString(
        folder.resolve("train.csv"), "id;size;share;colour;when;kind\n" + String.join("\n", lines));
    Files.writeString(
        folder.resolve("test.csv"),
        "id;size;share;colour;when;kind\n" + String.join("\n", lines.subList(0, 8)));
    set = open(folder);
    encoder = encoder(set, RecordSchema.of(RecordFormat.CSV));
  }

  private static List<String> lines() {
    return IntStream.range(0, 60)
        .mapToObj(i ->
            Phrase.of(
                "%d;%d,%d;%d%%;%s;2026-01-%02d;%s",
                i,
                i * 7 % 13,
                i % 10,
                i * 3 % 11,
                List.of("rot", "grün", "blau").get(i % 3),
                1 + i % 28,
                List.of("cat", "dog").get(i % 7 % 2)))
        .toList();
  }

  @Test
  void linesAreEncodedAsTheRowsOfTheFile() throws Exception {
    List<String> lines = lines();
    for (int i = 0; i < lines.size(); i++) {
      assertRow(encoder.csv(utf8(lines.get(i) + "\r\n")), set.train(), i);
      String[] fields = lines.get(i).split(";", -1);
      String used = String.join(" ; ", fields[1], fields[2], "\"" + fields[3] + "\"", fields[5]);
      assertRow(encoder.csv(utf8(used)), set.train(), i);
    }
    assertThat(encoder.shape()).isEqualTo(set.train().shape());
  }

  @Test
  void objectsAreEncodedAsTheRowsOfTheFile() throws Exception {
    List<String> lines = lines();
    for (int i = 0; i < lines.size(); i++) {
      String[] fields = lines.get(i).split(";", -1);
      String json =
          Phrase.of(
              "{\"kind\": \"%s\", \"other\": [1, {\"a\": 2}], \"size\": %s, \"colour\": \" %s\", \"share\": \"%s\"}",
              fields[5], fields[1].replace(',', '.'), fields[3], fields[2]);
      assertRow(encoder.json(utf8(json)), set.train(), i);
    }
  }

  @Test
  void aRegressionIsEncodedAsTheRowsOfTheFile() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      lines.add(i * 0.37 + "," + (100 - i * i) + "," + Math.sin(i));
    }
    Path file = Files.writeString(folder.resolve("real.csv"), "a,b,y\n" + String.join("\n", lines));
    DataSet real = open(file);
    TableEncoder encoder = encoder(real, RecordSchema.of(RecordFormat.CSV));
    FileExamples again = encoder.open(folder, file);
    assertThat(again.count()).isEqualTo(40);
    List<String> known = new ArrayList<>();
    for (int row = 0; row < real.train().count(); row++) {
      known.add(HexFormat.of().formatHex(row(real.train(), row)));
    }
    int found = 0;
    for (String line : lines) {
      String hex = HexFormat.of().formatHex(bytes(encoder.csv(utf8(line))));
      found += known.contains(hex) ? 1 : 0;
    }
    assertThat(found).isEqualTo(real.train().count()); // a tenth is held out
  }

  @Test
  void occupancyIsEncodedAsTheRowsOfTheFile() throws Exception {
    Path occupancy = Encoded.real("occupancy");
    DataSet set = open(occupancy);
    TableEncoder encoder = encoder(set, RecordSchema.of(RecordFormat.CSV));
    List<String> lines = Files.readAllLines(occupancy.resolve("datatraining.txt"));
    FileExamples file = encoder.open(occupancy, occupancy.resolve("datatraining.txt"));
    assertThat(file.count()).isEqualTo(set.train().count());
    for (int i = 0; i < set.train().count(); i++) {
      assertRow(encoder.csv(utf8(lines.get(i + 1))), set.train(), i);
      assertRow(file.example(i), set.train(), i);
    }
  }

  @Test
  void aFileOfOneRowIsReadAsTheDataSetIsWritten() throws Exception {
    Path one =
        Files.writeString(folder.resolve("one.csv"), "kind;size;colour;share\ndog;1,5;blau;7%\n");
    FileExamples file = encoder.open(folder, one);
    assertThat(file.count()).isEqualTo(1);
    assertThat(bytes(file.example(0))).isEqualTo(bytes(encoder.csv(utf8("1,5;7%;blau;dog"))));
  }

  @Test
  void brokenRowsOfAFileAreUnfitOneByOne() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("new.csv"),
            """
            id;size;share;colour;when;kind
            0;1,5;7%;blau;2026-01-01;dog
            1;much;7%;blau;2026-01-01;dog
            2;1,5;7%;blau
            3;1,5;7%;blau;2026-01-01;zebra
            4;2,5;7%;rot;2026-01-01;cat
            """);
    FileExamples rows = encoder.open(folder, file);
    assertThat(rows.count()).isEqualTo(5);
    assertThat(bytes(rows.example(4))).isEqualTo(bytes(encoder.csv(utf8("2,5;7%;rot;cat"))));
    assertUnfit(() -> rows.example(1), "number:size", "new.csv:3", "'much'");
    assertUnfit(() -> rows.example(2), "row", "new.csv:4", "expected 6 fields");
    assertUnfit(() -> rows.example(3), "label:zebra", "new.csv:5", "knows cat, dog");
    assertThat(rows.example(0)).isNotNull();
  }

  @Test
  void filesThatCannotBeReadAreUnfit() throws Exception {
    assertUnfit(
        () -> encoder.open(folder, folder.resolve("gone.csv")), UnfitRecordException.VANISHED);
    Path empty = Files.writeString(folder.resolve("empty.csv"), "");
    assertUnfit(() -> encoder.open(folder, empty), "empty");
    Path header = Files.writeString(folder.resolve("h.csv"), "id;size;share;colour;when;kind\n");
    assertUnfit(() -> encoder.open(folder, header), "empty", "expected rows");
    Path other = Files.writeString(folder.resolve("o.csv"), "a;b;kind\n1;2;cat\n");
    assertUnfit(() -> encoder.open(folder, other), "file", "expected a column 'size'");
    Path quote =
        Files.writeString(folder.resolve("q.csv"), "size;share;colour;kind\n1;2%;\"rot;cat\n");
    assertUnfit(() -> encoder.open(folder, quote), "file", "never closes");
  }

  @Test
  void unfitRecordsSayWhy() {
    assertUnfit(() -> encoder.csv(new byte[0]), "empty");
    assertUnfit(() -> encoder.csv(utf8(" \n")), "empty");
    assertUnfit(() -> encoder.csv(new byte[(16 << 20) + 1]), "large", "16,777,216", "16,777,217");
    assertUnfit(() -> encoder.csv(new byte[] {'a', (byte) 0xff}), "encoding", "offset 1");
    assertUnfit(() -> encoder.csv(utf8("1;2;3")), "fields", "expected 6 fields", "found 3");
    assertUnfit(() -> encoder.csv(utf8("1;2%;rot;cat\n1;2%;rot;cat")), "csv", "several lines");
    assertUnfit(() -> encoder.csv(utf8("1;2%;\"rot;cat")), "csv", "quote");
    assertUnfit(() -> encoder.csv(utf8("NaN;2%;rot;cat")), "missing:size", "finite number");
    assertUnfit(() -> encoder.csv(utf8("Infinity;2%;rot;cat")), "number:size", "finite number");
    assertUnfit(() -> encoder.csv(utf8("1e999;2%;rot;cat")), "number:size", "finite number");
    assertUnfit(() -> encoder.csv(utf8("1e200;2%;rot;cat")), "number", "finite");
    assertUnfit(() -> encoder.csv(utf8(";2%;rot;cat")), "missing:size", "found nothing");
    assertUnfit(() -> encoder.csv(utf8("1;2%;lila;cat")), "word:colour", "grün", "'lila'");
    assertUnfit(() -> encoder.csv(utf8("1;2%;rot;zebra")), "label:zebra", "knows cat, dog");
    assertUnfit(() -> encoder.csv(utf8("1;2%;rot;")), "missing:kind");
  }

  @Test
  void unfitObjectsSayWhy() {
    assertUnfit(() -> encoder.json(utf8("{\"size\": 1, \"share\"")), "json", "offset");
    assertUnfit(() -> encoder.json(utf8("[1, 2]")), "json", "found a list");
    assertUnfit(() -> encoder.json(utf8("nonsense")), "json", "nonsense");
    assertUnfit(() -> encoder.json(utf8("{\"size\": NaN}")), "json", "NaN");
    assertUnfit(() -> encoder.json(utf8("{} {}")), "json", "more behind it");
    assertUnfit(() -> encoder.json(utf8("{\"size\": 1, \"size\": 2}")), "json", "twice");
    assertUnfit(() -> encoder.json(utf8("{\"size\": [1]}")), "nested:size", "a list");
    assertUnfit(() -> encoder.json(utf8("{\"size\": null}")), "missing:size", "nothing");
    assertUnfit(() -> encoder.json(utf8("{\"share\": 1}")), "missing:size", "column 'size'");
    assertUnfit(() -> encoder.json(utf8("[".repeat(100_000))), "json");
    assertUnfit(
        () ->
            encoder.json(
                utf8(
                    "{\"size\":1,\"share\":2,\"colour\":\"rot\",\"kind\":\""
                        + "z".repeat(500)
                        + "\"}")),
        "label:" + "z".repeat(74));
  }

  @Test
  void aRecordAfterABrokenOneIsWhatItIs() throws Exception {
    assertUnfit(() -> encoder.json(utf8("{\"size\": 1, \"share\"")), "json");
    assertUnfit(() -> encoder.json(utf8("{\"share\": 1}")), "missing:size");
    assertRow(encoder.csv(utf8(lines().get(5))), set.train(), 5);
  }

  @Test
  void bareNumbersAreEncodedLikeTexts() throws Exception {
    for (String where : List.of("first", "last")) {
      RecordSchema schema =
          RecordSchema.parse("job", Map.of("format", "raw", "type", "float32", "label-at", where));
      ByteBuffer record = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      float[] numbers = {2.5f, 7, 2};
      if (where.equals("first")) {
        record.putFloat(1);
      }
      for (float number : numbers) {
        record.putFloat(number);
      }
      if (where.equals("last")) {
        record.putFloat(1);
      }
      TableEncoder raw = encoder(set, schema);
      // The words are blau, grün, rot; the classes cat, dog.
      assertThat(bytes(raw.encode(record.array(), Optional.empty()).getFirst()))
          .isEqualTo(bytes(encoder.csv(utf8("2,5;7%;rot;dog"))));
      int label = where.equals("first") ? 0 : 12;
      assertUnfit(() -> raw.raw(Arrays.copyOf(record.array(), 15)), "length", "16 bytes");
      assertUnfit(() -> raw.raw(changed(record.array(), label, 2)), "label:2", "knows cat, dog");
      assertUnfit(
          () -> raw.raw(changed(record.array(), label == 0 ? 4 : 0, Float.NaN)),
          "number:size",
          "NaN");
      assertUnfit(
          () -> raw.raw(changed(record.array(), label == 0 ? 12 : 8, 3)), "word:colour", "0 to 2");
    }
  }

  private static byte[] changed(byte[] record, int offset, float value) {
    byte[] copy = record.clone();
    ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putFloat(offset, value);
    return copy;
  }

  @Test
  void booleansAreTheWordsOfAFile() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("b.csv"),
            "a,on,y\n" + "1,True,yes\n2,False,no\n3,True,no\n4,False,yes\n".repeat(5));
    TableEncoder booleans = encoder(open(file), RecordSchema.of(RecordFormat.JSON));
    assertThat(bytes(booleans.json(utf8("{\"a\": 1, \"on\": true, \"y\": \"no\"}"))))
        .isEqualTo(bytes(booleans.csv(utf8("1,True,no"))));
  }

  @Test
  void columnsOfALineCanBeNamed() throws Exception {
    RecordSchema schema =
        RecordSchema.parse(
            "job",
            Map.of(
                "format", "csv", "columns", "kind, share, extra, size, colour", "delimiter", ","));
    DataOptions point = DEFAULTS.withDecimal('.');
    RecordEncoder named = RecordEncoder.of(set, point, schema);
    assertThat(bytes(named.encode(utf8("dog,7%,?,1.5,blau"), Optional.empty()).getFirst()))
        .isEqualTo(bytes(encoder.csv(utf8("1,5;7%;blau;dog"))));
    RecordSchema without =
        RecordSchema.parse("job", Map.of("format", "csv", "columns", "kind,size"));
    assertThatThrownBy(() -> RecordEncoder.of(set, point, without))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("expected the column 'share'");
  }

  @Test
  void timeSeriesAreNotForStreams() {
    DataSet series = DataSets.open("generated:vibration", DEFAULTS);
    assertThatThrownBy(() -> RecordEncoder.ofFiles(series, DEFAULTS))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("--window");
  }

  @Test
  void formatsThatCannotHoldATableAreErrors() {
    assertThatThrownBy(() -> encoder(set, RecordSchema.of(RecordFormat.IMAGE)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("expected json, csv, raw");
    RecordSchema label = RecordSchema.parse("job", Map.of("format", "csv", "label", "size"));
    assertThatThrownBy(() -> encoder(set, label))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("label: expected 'kind'");
  }
}
