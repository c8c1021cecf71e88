package io.dlion.data.tensor;

import static java.util.Comparator.reverseOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.data.Index.atIndex;

import io.dlion.core.UserError;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.data.file.Folder;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  private static final ParameterLayout LAYOUT =
      new ParameterLayout.Builder().add("a.weight", 2, 3).add("b", 1).build();

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("model.safetensors");
  }

  private static MemorySegment values() {
    float[] values = new float[LAYOUT.size()];
    for (int i = 0; i < 6; i++) {
      values[i] = i + 0.5f;
    }
    values[16] = -1;
    return MemorySegment.ofArray(values);
  }

  private Path write() throws IOException {
    Safetensors.write(
        file(), Safetensors.tensors(LAYOUT, values()), Map.of("model", "cnn", "é", "\"\n"));
    return file();
  }

  @Test
  void theOrderOfMetadataMakesNoDifference() throws IOException {
    Map<String, String> forth = new LinkedHashMap<>();
    Map<String, String> back = new LinkedHashMap<>();
    for (int i = 0; i < 5; i++) {
      forth.put("key" + i, "value");
      back.put("key" + (4 - i), "value");
    }
    Safetensors.write(file(), Safetensors.tensors(LAYOUT, values()), forth);
    byte[] first = Files.readAllBytes(file());
    Safetensors.write(file(), Safetensors.tensors(LAYOUT, values()), back);
    assertThat(Files.readAllBytes(file())).isEqualTo(first);
  }

  @Test
  void aFlatBufferComesBack() throws IOException {
    Safetensors read = Safetensors.read(write());
    assertThat(read.metadata()).isEqualTo(Map.of("model", "cnn", "é", "\"\n"));
    assertThat(read.tensors()).extracting(NamedTensor::name).containsExactly("a.weight", "b");
    assertThat(read.tensors().getFirst().shape()).containsExactly(2L, 3L);
    float[] copy = new float[LAYOUT.size()];
    read.copyTo(LAYOUT, MemorySegment.ofArray(copy), file());
    assertThat(MemorySegment.ofArray(copy).mismatch(values())).isEqualTo(-1);
  }

  @Test
  void theBytesAreThoseOfTheFormat() throws IOException {
    Safetensors.write(file(), Safetensors.tensors(LAYOUT, values()), Map.of("format", "pt"));
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file())).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(bytes.getLong());
    assertThat(header % 8).isZero();
    String json = new String(bytes.array(), 8, header, StandardCharsets.UTF_8);
    assertThat(json.strip())
        .isEqualTo(
            "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[24,28]}}");
    assertThat(bytes.getFloat(8 + header + 20)).isEqualTo(5.5f);
    assertThat(bytes.getFloat(8 + header + 24)).isEqualTo(-1);
    assertThat(bytes.capacity()).isEqualTo(8 + header + 28);
  }

  @Test
  void tensorsLargerThanOnePieceComeBack() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int count = 1_000_003;
      MemorySegment large = arena.allocate(4L * count);
      for (int i = 0; i < count; i++) {
        large.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
      }
      Safetensors.write(
          file(), List.of(new NamedTensor("x", List.of((long) count), large)), Map.of());
      MemorySegment read = Safetensors.read(file()).tensors().getFirst().values();
      assertThat(read.mismatch(large)).isEqualTo(-1);
    }
  }

  @Test
  void pythonReadsWhatWasWritten() throws IOException, InterruptedException {
    String program =
        """
        import sys
        try:
            from safetensors import safe_open
            import numpy
        except ImportError:
            print("missing"); sys.exit()
        with safe_open(sys.argv[1], "numpy") as f:
            print(f.metadata()["model"], f.get_tensor("a.weight").tolist(), f.get_tensor("b").tolist())
        """;
    Process python;
    try {
      python =
          new ProcessBuilder("python3", "-c", program, write().toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeThat(false).as("no python3 here: " + e.getMessage()).isTrue();
      throw e;
    }
    String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    python.waitFor();
    assumeThat(output.strip()).as("python3 has no safetensors here").isNotEqualTo("missing");
    assertThat(output.strip()).isEqualTo("cnn [[0.5, 1.5, 2.5], [3.5, 4.5, 5.5]] [-1.0]");
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    byte[] whole = Files.readAllBytes(write());
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      assertBroken("length " + length);
    }
    Files.write(file(), Arrays.copyOf(whole, whole.length + 1));
    assertBroken("a byte more");
  }

  @Test
  void noDamagedHeaderEndsInAnythingButAnErrorOfTheUser() throws IOException {
    byte[] whole = Files.readAllBytes(write());
    long seed = 21;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(whole.length - 28)] = (byte) random.nextInt(256);
      Files.write(file(), damaged);
      try {
        Safetensors.read(file());
      } catch (UserError e) {
        assertThat(e).as("seed %d, round %d", seed, i).hasMessageContaining(file().toString());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'y':{'dtype':'F32','shape':[1],'data_offsets':[2,6]}};tensor y lies at bytes 2 to 6",
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}};expected to begin at 0",
        "{'x':{'dtype':'F32','shape':[9],'data_offsets':[0,8]}};has 8 bytes",
        "{'x':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,8]}};impossible shape",
        "{'x':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}};has -2 in shape",
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,16]}};to end by 8",
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0]}};not 2",
        "{'x':{'dtype':'F32','data_offsets':[0,8]}};no list shape",
        "[1,2];not a JSON object",
        "{'x':;not JSON",
        "{};end after 0 bytes of 8"
      })
  void aHeaderThatCannotBeTrueIsExplained(String header, String explanation) throws IOException {
    writeRaw(header);
    assertThatThrownBy(() -> Safetensors.read(file()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(file() + " is not a whole safetensors file: ")
        .hasMessageContaining(explanation);
  }

  @Test
  void aHugeHeaderLengthTakesNoMemory() throws IOException {
    Files.write(
        file(),
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(Long.MAX_VALUE).array());
    assertBroken("huge header");
  }

  @Test
  void otherTypesAreNamed() throws IOException {
    writeRaw("{'x':{'dtype':'C64','shape':[1],'data_offsets':[0,8]}}");
    assertThatThrownBy(() -> Safetensors.read(file()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("tensor x: expected dtype F32 or another of [F64, ")
        .hasMessageContaining("found 'C64'");
  }

  /** Python reads a tensor in place only where it lies at a multiple of its elements' size. */
  @Test
  void theWidestElementsComeFirst() throws IOException {
    List<NamedTensor> tensors = new ArrayList<>();
    for (ElementType type : ElementType.values()) {
      MemorySegment values = MemorySegment.ofArray(new byte[3 * type.bytes()]);
      tensors.addFirst(new NamedTensor(type.name(), type, List.of(3L), values));
    }
    Safetensors.write(file(), tensors, Map.of());
    List<NamedTensor> read = Safetensors.read(file()).tensors();
    assertThat(read).hasSize(ElementType.values().length);
    assertThat(read).extracting(t -> t.type().bytes()).isSortedAccordingTo(reverseOrder());
    assertThat(read).allMatch(t -> t.name().equals(t.type().name()));
  }

  @Test
  void countsAreReadFromAnyTypeAndMayBeMissing() throws IOException {
    ParameterLayout layout = new ParameterLayout.Builder().add("mean", 2).addCount("n").build();
    float[] values = new float[layout.size()];
    MemorySegment mean = MemorySegment.ofArray(new double[] {1.5, -2});
    NamedTensor doubles = new NamedTensor("mean", ElementType.F64, List.of(2L), mean);
    Safetensors.write(file(), List.of(doubles), Map.of());
    values[16] = 7;
    Safetensors.read(file()).copyTo(layout, MemorySegment.ofArray(values), file());
    assertThat(values).startsWith(1.5f, -2).contains(7, atIndex(16));
    MemorySegment count = MemorySegment.ofArray(new long[] {16_777_216});
    NamedTensor longs = new NamedTensor("n", ElementType.I64, List.of(), count);
    Safetensors.write(file(), List.of(doubles, longs), Map.of());
    Safetensors.read(file()).copyTo(layout, MemorySegment.ofArray(values), file());
    assertThat(values).contains(16_777_216, atIndex(16));
    Safetensors.write(file(), List.of(longs), Map.of());
    assertThatThrownBy(
            () -> Safetensors.read(file()).copyTo(layout, MemorySegment.ofArray(values), file()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("expected variable mean[2], found none of that name");
  }

  private void writeRaw(String header) throws IOException {
    byte[] text = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file(), bytes.putLong(text.length).put(text).array());
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> Safetensors.read(file()))
        .isInstanceOf(UserError.class)
        .hasMessage(file() + ": no such file");
  }

  @Test
  void aFileOfAnotherModelIsAnError() throws IOException {
    Safetensors read = Safetensors.read(write());
    ParameterLayout other = new ParameterLayout.Builder().add("a.weight", 3, 2).build();
    assertThatThrownBy(() -> read.copyTo(other, values(), file()))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(
            file().toString(), "expected variable a.weight[3, 2]", "shape [2, 3]", "another model");
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
    byte[] before = Files.readAllBytes(write());
    Arena closed = Arena.ofConfined();
    MemorySegment gone = closed.allocate(4);
    NamedTensor tensor = new NamedTensor("x", List.of(1L), gone);
    closed.close();
    assertThatThrownBy(() -> Safetensors.write(file(), List.of(tensor), Map.of()))
        .isInstanceOf(IllegalStateException.class);
    assertThat(Files.readAllBytes(file())).isEqualTo(before);
    assertThat(Folder.list(folder).files()).containsExactly(file());
  }

  @Test
  void aFolderThatIsNotThereIsAFailureOfTheDisk() {
    Path nowhere = folder.resolve("none").resolve("model.safetensors");
    assertThatThrownBy(() -> Safetensors.write(nowhere, List.of(), Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(nowhere + " could not be written: NoSuchFileException");
  }

  private void assertBroken(String what) {
    assertThatThrownBy(() -> Safetensors.read(file()))
        .as(what)
        .isInstanceOf(UserError.class)
        .hasMessageContaining(file() + " is not a whole safetensors file");
  }
}
