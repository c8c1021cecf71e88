package io.dlion.data.record;

import static io.dlion.data.record.Encoded.assertRow;
import static io.dlion.data.record.Encoded.assertUnfit;
import static io.dlion.data.record.Encoded.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.recognise.DataSets;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextEncoderTest {
  private static final String TEXT = "Ein Löwe, zwei Löwen 🦁.\n".repeat(20);

  @TempDir Path folder;

  private DataSet set() throws Exception {
    Path file = Files.writeString(folder.resolve("input.txt"), TEXT);
    return DataSets.open(file.toString(), DataOptions.defaults().withSequenceLength(9));
  }

  private static TextEncoder encoder(DataSet set, RecordFormat format) {
    return (TextEncoder) RecordEncoder.of(set, DataOptions.defaults(), RecordSchema.of(format));
  }

  @Test
  void textsAreEncodedAsTheFile() throws Exception {
    DataSet set = set();
    TextEncoder encoder = encoder(set, RecordFormat.TEXT);
    List<MemorySegment> examples = encoder.encode(utf8(TEXT), Optional.empty());
    FileExamples file = encoder.open(folder, folder.resolve("input.txt"));
    assertThat(file.count()).isEqualTo(examples.size());
    for (int i = 0; i < set.train().count(); i++) {
      assertRow(examples.get(i), set.train(), i);
      assertRow(file.example(i), set.train(), i);
    }
    String json = "{\"text\": \"" + TEXT.replace("\n", "\\n") + "\"}";
    assertThat(encoder(set, RecordFormat.JSON).encode(utf8(json), Optional.empty()))
        .hasSameSizeAs(examples);
  }

  @Test
  void tinyShakespeareIsEncodedAsTheFile() throws Exception {
    Path shakespeare = Encoded.real("tinyshakespeare");
    DataSet set = DataSets.open(shakespeare.toString(), DataOptions.defaults());
    FileExamples file =
        encoder(set, RecordFormat.TEXT).open(shakespeare, shakespeare.resolve("input.txt"));
    for (int i = 0; i < set.train().count(); i++) {
      assertRow(file.example(i), set.train(), i);
    }
  }

  @Test
  void theRestIsDropped() throws Exception {
    TextEncoder encoder = encoder(set(), RecordFormat.TEXT);
    assertThat(encoder.text(utf8("Ein Löwe, "))).hasSize(1);
    assertThat(encoder.text(utf8("Ein Löwe, zwei Löwe"))).hasSize(2);
    assertThat(encoder.text(utf8("Ein Löwe, zwei Löw"))).hasSize(1);
  }

  @Test
  void unfitTextsSayWhy() throws Exception {
    TextEncoder encoder = encoder(set(), RecordFormat.TEXT);
    assertUnfit(() -> encoder.text(utf8("Ein Löwe,")), "short", "the 9 characters", "found 9");
    assertUnfit(() -> encoder.text(utf8("Eine Katze!")), "symbol:U+004B", "'K' (U+004B)");
    assertUnfit(() -> encoder.text(new byte[] {(byte) 0xff}), "encoding", "UTF-8");
    assertUnfit(() -> encoder.text(new byte[0]), "empty");
    assertUnfit(() -> encoder.json(utf8("{\"txt\": 1}")), "missing:text");
    Path file =
        Files.writeString(folder.resolve("new.txt"), "Ein Löwe, zwei Katzen, zwei Löwen zwei");
    FileExamples examples = encoder.open(folder, file);
    assertThat(examples.count()).isEqualTo(4);
    assertThat(examples.example(0)).isNotNull();
    assertUnfit(() -> examples.example(1), "symbol:U+004B");
    assertThat(examples.example(3)).isNotNull();
  }
}
