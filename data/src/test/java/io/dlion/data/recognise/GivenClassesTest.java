package io.dlion.data.recognise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.TableOptions;
import io.dlion.data.schema.LabelTask;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All classes are given, by an option or a file, and the data has only some of them. */
class GivenClassesTest {
  @TempDir Path folder;
  private Path images;

  @BeforeEach
  void makeImages() throws IOException {
    images = Files.createDirectories(folder.resolve("images"));
    for (String file : List.of("train/cat/1", "train/dog/1", "train/dog/2", "test/dog/1")) {
      Path to = images.resolve(file + ".png");
      Files.createDirectories(to.getParent());
      ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY), "png", to.toFile());
    }
  }

  private static DataSet open(Path data, String... classes) {
    return DataSets.open(data + "", DataOptions.defaults().withClasses(List.of(classes)));
  }

  private static void assertRefused(Path data, List<String> classes, String... said) {
    assertThatThrownBy(() -> open(data, classes.toArray(String[]::new)))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(said);
  }

  private static List<Integer> labels(DataSet set) {
    return IntStream.range(0, set.train().count()).mapToObj(set.train()::label).toList();
  }

  @Test
  void imagesAreNumberedAsTheClassesAreGiven() {
    DataSet set = open(images, "owl", "dog", "cat");
    assertThat(set.classNames()).containsExactly("owl", "dog", "cat");
    assertThat(set.train().shape().outputs()).isEqualTo(3);
    assertThat(labels(set)).containsExactlyInAnyOrder(2, 1, 1);
    assertThat(set.description()).contains("no images of owl");
  }

  @Test
  void aFolderOfAClassThatIsNotGivenIsNamedInTrainingAndTest() throws IOException {
    assertRefused(
        images,
        List.of("owl", "dog"),
        images.resolve("train/cat") + ": found class 'cat', and classes names only owl, dog;",
        "at every site, or move the folder away");
    Path zebra = Files.createDirectories(images.resolve("test/zebra"));
    assertRefused(images, List.of("cat", "dog"), zebra + ": found class 'zebra'");
  }

  @Test
  void aFileNamesTheClassesAndTheOptionWins() throws IOException {
    Path file = Files.writeString(images.resolve("classes.txt"), "dog\n cat \r\n\nowl");
    assertThat(open(images).classNames()).containsExactly("dog", "cat", "owl");
    assertThat(open(images, "cat", "dog").classNames()).containsExactly("cat", "dog");
    assertThat(DataSets.classes(images + "", DataOptions.defaults())).hasSize(3);
    Files.writeString(file, "dog\ncat\ndog\n");
    assertRefused(images, List.of(), file + ": expected different classes, found 'dog' twice");
    Files.writeString(file, "dog\n");
    assertRefused(images, List.of(), file + ": expected the names of 2 to 32,767 classes, found 1");
    Files.writeString(file, "\n");
    assertRefused(images, List.of(), file + ": expected the names of classes, one a line");
    Files.write(file, new byte[] {'a', '\n', (byte) 0xff});
    assertRefused(images, List.of(), file + ":2: expected text in UTF-8");
    Files.writeString(file, "x".repeat((1 << 22) + 1));
    assertRefused(images, List.of(), file + ": expected at most 4,194,304 bytes");
  }

  private Path table(String labels) throws IOException {
    Path data = Files.createDirectories(folder.resolve("table"));
    String rows =
        labels
            .lines()
            .map(label -> label.length() + ".5," + label)
            .collect(Collectors.joining("\n"));
    Files.writeString(data.resolve("train.csv"), "x,kind\n" + rows + "\n");
    Files.writeString(data.resolve("test.csv"), "x,kind\n" + rows + "\n");
    return data;
  }

  @Test
  void rowsAreNumberedAsTheClassesAreGiven() throws IOException {
    Path data = table("dog\ndog\ncat");
    Files.writeString(data.resolve("classes.txt"), "owl\ndog\ncat\n");
    DataSet set = open(data);
    assertThat(set.classNames()).containsExactly("owl", "dog", "cat");
    assertThat(labels(set)).containsExactly(1, 1, 2);
    assertThat(set.description()).doesNotContain("classes.txt");
  }

  @Test
  void aSiteWithOneClassAndNumbersAsClasses() throws IOException {
    DataSet set = open(table("3\n3.0\n3"), "1", "3.0", "40");
    assertThat(set.classNames()).containsExactly("1", "3", "40");
    assertThat(labels(set)).containsExactly(1, 1, 1);
    Path commas = table("1");
    for (String file : List.of("train.csv", "test.csv")) {
      Files.writeString(commas.resolve(file), "x;kind\n1,5;0,5\n2,5;1,5\n");
    }
    assertThat(open(commas, "0,5", "1,5", "2,5").classNames()).containsExactly("0.5", "1.5", "2.5");
    assertThat(open(table("0.5\n1.5\n0.5"), "0.5", "1.5", "2.5").classNames())
        .as("else a regression")
        .containsExactly("0.5", "1.5", "2.5");
  }

  @Test
  void theFirstRowOfAClassThatIsNotGivenIsNamed() throws IOException {
    assertRefused(
        table("dog\ncat\nzebra\nzebra"),
        List.of("dog", "cat"),
        "train.csv:4: column 'kind': found class 'zebra', and classes names only dog, cat;",
        "or correct or remove such rows");
  }

  @Test
  void whereThereAreNoClassesNoneCanBeGiven() throws IOException {
    Path text = Files.writeString(folder.resolve("a.txt"), "Once upon a time. ".repeat(99));
    assertRefused(text, List.of("a", "b"), "there are none in a text or a regression");
    TableOptions regression =
        new TableOptions(
            Optional.empty(),
            Optional.of(LabelTask.REGRESSION),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    DataOptions both = DataOptions.defaults().withClasses(List.of("1", "2")).withTable(regression);
    Path numbers = table("1\n2");
    assertThatThrownBy(() -> DataSets.open(numbers + "", both))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("--task regression predicts a number, classes names classes");
  }

  /** Images of one pixel. */
  private Path idx(int... labels) throws IOException {
    Path data = Files.createDirectories(folder.resolve("idx"));
    ByteBuffer head = ByteBuffer.allocate(16).putInt(0x803).putInt(labels.length);
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    pixels.writeBytes(head.putInt(1).putInt(1).array());
    pixels.writeBytes(new byte[labels.length]);
    ByteArrayOutputStream numbers = new ByteArrayOutputStream();
    numbers.writeBytes(ByteBuffer.allocate(8).putInt(0x801).putInt(labels.length).array());
    for (int label : labels) {
      numbers.write(label);
    }
    for (String split : List.of("train", "t10k")) {
      Files.write(data.resolve(split + "-images-idx3-ubyte"), pixels.toByteArray());
      Files.write(data.resolve(split + "-labels-idx1-ubyte"), numbers.toByteArray());
    }
    return data;
  }

  @Test
  void numberedImagesOfFewClassesAreThatFew() throws IOException {
    String[] digits = IntStream.range(0, 10).mapToObj(Integer::toString).toArray(String[]::new);
    DataSet set = open(idx(7, 8, 8), digits);
    assertThat(set.train().shape().outputs()).isEqualTo(10);
    assertThat(labels(set)).containsExactly(7, 8, 8);
    assertRefused(
        idx(7, 8, 8),
        List.of("0", "7"),
        "image 1 (counted from 0) is of class '8', and classes names only 0, 7;");
  }

  @Test
  void aRunThatGoesOnTakesNoNewClasses() {
    DataSet begun = open(images, "cat", "dog");
    DataOptions more =
        DataOptions.defaults()
            .withClasses(List.of("cat", "dog", "owl"))
            .encodedBy(begun.preprocessing());
    assertThatThrownBy(() -> DataSets.open(images + "", more))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("class 'owl' is given, and is not among the classes");
  }
}
