package io.dlion.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.learn.Examples;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.recognise.DataSets;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Training data whose encoding is given means what it meant when the encoding was made. */
class GivenEncodingTest {
  private static final DataOptions FOUR = DataOptions.defaults().withSequenceLength(4);

  @TempDir Path folder;

  private DataSet open(String name, String text) throws IOException {
    DataOptions options = name.endsWith(".txt") ? FOUR : DataOptions.defaults();
    return DataSets.open(write(name, text).toString(), options);
  }

  private DataSet again(String name, String text, DataSet first) throws IOException {
    return again(write(name, text), first);
  }

  private static DataSet again(Path place, DataSet first) {
    Preprocessing saved = Preprocessing.parse(first.preprocessing().toJson(), "saved");
    DataSet set = DataSets.open(place.toString(), DataOptions.defaults().encodedBy(saved));
    assertThat(set.preprocessing()).isEqualTo(first.preprocessing());
    return set;
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private void refused(String name, String text, DataSet first, String... parts)
      throws IOException {
    Path file = write(name, text);
    assertThatThrownBy(() -> again(file, first))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(name)
        .hasMessageContainingAll(parts);
  }

  private static void assertSame(Examples actual, Examples expected) {
    assertThat(actual.count()).isEqualTo(expected.count());
    assertThat(actual.shape()).isEqualTo(expected.shape());
    for (int row = 0; row < expected.count(); row++) {
      assertThat(Copies.bytes(actual, row)).isDeepEqualTo(Copies.bytes(expected, row));
    }
  }

  private static final List<String> COLUMNS = List.of("x", "colour", "y z", "label", "n");
  private static final List<String> COLOURS = List.of("red", "green", "blue", "7");
  private static final List<String> CLASSES = List.of("owl", "cat", "dog");

  private static String table(List<Integer> order, int rows) {
    StringBuilder text = new StringBuilder();
    append(text, order, COLUMNS);
    for (int i = 0; i < rows; i++) {
      List<String> row =
          List.of(
              i + ".25",
              COLOURS.get(i % 4),
              Integer.toString(i * i),
              CLASSES.get(i * i % 3 + i % 2),
              "-" + i);
      append(text, order, row);
    }
    return text.toString();
  }

  private static void append(StringBuilder text, List<Integer> order, List<String> fields) {
    text.append(String.join(",", order.stream().map(fields::get).toList())).append('\n');
  }

  private static LongStream seeds() {
    return LongStream.range(0, 24);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void columnsAreFoundByNameWhateverTheirOrder(long seed) throws IOException {
    List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4));
    Path file = write("t.csv", table(order, 30));
    DataSet first = DataSets.open(file.toString(), DataOptions.defaults());
    Collections.shuffle(order, new Random(seed));
    DataSet shuffled = again("t.csv", table(order, 30), first);
    assertSame(shuffled.train(), first.train());
    assertSame(shuffled.test(), first.test());
    assertThat(shuffled.fingerprint()).isEqualTo(first.fingerprint());
  }

  @Test
  void fewerWordsClassesAndOtherMeansChangeNothing() throws IOException {
    DataSet first = open("a/train.csv", "x,colour,label\n1,red,cat\n3,blue,owl\n5,green,dog\n");
    Files.writeString(folder.resolve("a/test.csv"), "x,colour,label\n1,red,cat\n");
    DataSet more = again("b/train.csv", "label,x,extra,colour\nowl,3,1,blue\ncat,1,8,red\n", first);
    write("b/test.csv", "label,colour,x\ndog,green,5\n");
    DataSet tested = again(folder.resolve("b"), first);
    assertThat(more.classNames()).containsExactly("cat", "dog", "owl");
    assertThat(tested.train().count()).isEqualTo(2);
    assertThat(tested.train().label(0)).isEqualTo(2);
    assertThat(tested.test().label(0)).isEqualTo(1);
    DataSet whole = again(folder.resolve("a"), first);
    assertThat(Copies.input(tested.train(), 1)).isEqualTo(Copies.input(whole.train(), 0));
    assertThat(Copies.input(tested.train(), 0)).isEqualTo(Copies.input(whole.train(), 1));
    assertThat(Copies.input(tested.test(), 0)).isEqualTo(Copies.input(whole.train(), 2));
  }

  @Test
  void whatCannotBeMappedIsNamedWithItsLine() throws IOException {
    DataSet first = open("a.csv", "x,colour,label\n1,red,cat\n3,blue,owl\n5,green,dog\n");
    refused("class.csv", "x,colour,label\n1,red,cat\n2,red,zebra\n", first, ":3:", "'zebra'");
    refused("word.csv", "x,colour,label\n1,red,cat\n2,violet,owl\n", first, ":3:", "'violet'");
    refused("column.csv", "x,label\n1,cat\n2,owl\n", first, "expected a column 'colour'");
    refused("label.csv", "x,colour,kind\n1,red,cat\n2,red,owl\n", first, "'label'");
    refused("number.csv", "x,colour,label\n1,red,cat\nz,red,owl\n", first, ":3:", "'z'");
    refused("text/input.txt", "a text of some length".repeat(9), first, "another kind", "a text");
  }

  @Test
  void targetsOfARegressionKeepTheirUnit() throws IOException {
    DataSet first = open("a/train.csv", "x,y\n1,10.5\n2,20.5\n");
    write("b/train.csv", "y,x\n70.5,7\n3,9\n");
    write("b/test.csv", "y,x\n15.5,9\n");
    DataSet more = again(folder.resolve("b"), first);
    assertThat(more.preprocessing().targetDeviation()).isPresent();
    double deviation = first.preprocessing().targetDeviation().orElseThrow();
    assertThat((double) Copies.realTarget(more.train(), 0) - Copies.realTarget(more.test(), 0))
        .isCloseTo(55 / deviation, org.assertj.core.data.Offset.offset(1e-4));
  }

  @Test
  void aTextKeepsItsVocabularyAndLength() throws IOException {
    DataSet first = open("a.txt", "abcdefgh".repeat(20));
    DataSet more = again("b.txt", "hgba".repeat(30), first);
    assertThat(more.train().shape()).isEqualTo(first.train().shape());
    assertThat(Copies.symbols(more.train(), 0)).containsExactly(7, 6, 1, 0);
    refused("c.txt", "abcz".repeat(30), first, "'z' (U+007A)");
  }

  private void image(String name, int type, int... samples) throws IOException {
    Path file = folder.resolve(name);
    BufferedImage image = new BufferedImage(2, 1, type);
    image.getRaster().setPixels(0, 0, 2, 1, samples);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }

  @Test
  void imagesKeepTheNumbersOfTheirClassesAndTheirScale() throws IOException {
    int colour = BufferedImage.TYPE_3BYTE_BGR;
    for (String animal : List.of("ant", "fox", "owl")) {
      image("a/train/" + animal + "/1.png", colour, 1, 2, 3, animal.charAt(0), 5, 6);
    }
    image("a/test/fox/1.png", colour, 9, 9, 9, 9, 9, 9);
    DataSet first = DataSets.open(folder.resolve("a").toString(), DataOptions.defaults());
    image("b/train/owl/1.png", colour, 1, 2, 3, 'o', 5, 6);
    image("b/test/ant/1.png", colour, 1, 2, 3, 'a', 5, 6);
    DataSet more = again(folder.resolve("b"), first);
    assertThat(Copies.bytes(more.train(), 0)).isDeepEqualTo(Copies.bytes(first.train(), 2));
    assertThat(Copies.bytes(more.test(), 0)).isDeepEqualTo(Copies.bytes(first.train(), 0));
    image("c/train/owl/1.png", BufferedImage.TYPE_BYTE_GRAY, 7, 8);
    image("c/test/owl/1.png", BufferedImage.TYPE_BYTE_GRAY, 7, 8);
    assertThat(again(folder.resolve("c"), first).train().shape())
        .as("grey made colour")
        .isEqualTo(first.train().shape());
    image("d/train/zebra/1.png", colour, 1, 2, 3, 4, 5, 6);
    assertThatThrownBy(() -> again(folder.resolve("d"), first))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("zebra", "ant, fox, owl");
  }

  @ParameterizedTest
  @ValueSource(strings = {"shapes", "shapes-rgb", "blobs", "drifting", "waves", "text"})
  void generatedDataIsTheSameByItsOwnEncoding(String name) {
    DataSet first = DataSets.open("generated:" + name, DataOptions.defaults());
    DataSet more =
        DataSets.open("generated:" + name, DataOptions.defaults().encodedBy(first.preprocessing()));
    assertThat(more.fingerprint()).isEqualTo(first.fingerprint());
    assertThat(more.preprocessing()).isEqualTo(first.preprocessing());
  }

  @Test
  void otherGeneratedDataIsRefused() {
    Preprocessing blobs = DataSets.open("generated:blobs", DataOptions.defaults()).preprocessing();
    for (String other : List.of("waves", "text", "shapes")) {
      assertThatThrownBy(
              () -> DataSets.open("generated:" + other, DataOptions.defaults().encodedBy(blobs)))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("generated:" + other)
          .hasMessageContaining("expected");
    }
  }

  @Test
  void otherOptionsDoNotDropTheEncoding() throws IOException {
    Preprocessing given = open("a.csv", "x,label\n1,cat\n2,dog\n3,cat\n").preprocessing();
    DataOptions options = DataOptions.defaults().encodedBy(given);
    assertThat(
            List.of(
                options.withLabel("label"),
                options.withDecimal(','),
                options.withImageSize(8),
                options.withSequenceLength(4),
                options.withSeed(7)))
        .allSatisfy(changed -> assertThat(changed.encoding()).contains(given));
  }
}
