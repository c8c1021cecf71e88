package io.dlion.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.learn.Examples;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.recognise.DataSets;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data for judging a model is encoded as the training data was, whatever it is like itself. */
class OpenForTest {
  private static final DataOptions DEFAULTS = DataOptions.defaults();
  private static final int GREY = BufferedImage.TYPE_BYTE_GRAY;
  private static final int COLOUR = BufferedImage.TYPE_3BYTE_BGR;

  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Path bytes(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  private Path image(String name, int type, int width, int... samples) throws IOException {
    Path file = folder.resolve(name);
    BufferedImage image = new BufferedImage(width, 1, type);
    image.getRaster().setPixels(0, 0, width, 1, samples);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  private static byte[] idxImages(int count, int width, int... pixels) {
    ByteBuffer b = ByteBuffer.allocate(16 + pixels.length);
    b.putInt(0x803).putInt(count).putInt(1).putInt(width);
    Arrays.stream(pixels).forEach(p -> b.put((byte) p));
    return b.array();
  }

  private static byte[] idxLabels(int... labels) {
    ByteBuffer b = ByteBuffer.allocate(8 + labels.length).putInt(0x801).putInt(labels.length);
    Arrays.stream(labels).forEach(l -> b.put((byte) l));
    return b.array();
  }

  private DataSet train(String name) {
    return DataSets.open(folder.resolve(name).toString(), DEFAULTS);
  }

  private DataSet judged(String name, DataSet trained) {
    String json = trained.preprocessing().toJson();
    Preprocessing read = Preprocessing.parse(json, "test");
    assertThat(read).isEqualTo(trained.preprocessing());
    DataSet set = DataSets.openFor(folder.resolve(name).toString(), DEFAULTS, read);
    assertThat(set.train().count()).isZero();
    return set;
  }

  private void assertError(String name, DataSet trained, String... parts) {
    assertThatThrownBy(() -> judged(name, trained))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(folder.resolve(name).toString())
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  private static void assertSame(Examples actual, Examples expected) {
    assertThat(actual.count()).isEqualTo(expected.count());
    assertThat(actual.shape()).isEqualTo(expected.shape());
    for (int row = 0; row < expected.count(); row++) {
      assertThat(Copies.bytes(actual, row)).isDeepEqualTo(Copies.bytes(expected, row));
      assertThat(actual.label(row)).isEqualTo(expected.label(row));
    }
  }

  @Test
  void anIdxTestSplitIsTheSameWithoutTheTrainingSplit() throws IOException {
    bytes("a/train-images-idx3-ubyte", idxImages(3, 2, 0, 255, 10, 255, 0, 30));
    bytes("a/train-labels-idx1-ubyte", idxLabels(0, 4, 2));
    byte[] images = idxImages(2, 2, 200, 255, 0, 7);
    bytes("a/t10k-images-idx3-ubyte", images);
    bytes("a/t10k-labels-idx1-ubyte", idxLabels(1, 0));
    bytes("b/t10k-images-idx3-ubyte", images);
    bytes("b/t10k-labels-idx1-ubyte", idxLabels(1, 0));
    DataSet trained = train("a");
    DataSet set = judged("b", trained);
    assertSame(set.test(), trained.test());
    assertSame(judged("a", trained).test(), trained.test());
    assertThat(set.description())
        .isEqualTo("2 examples, the test split of b (grey images 2×1, 5 classes, IDX)");
  }

  @Test
  void anIdxSetWithoutATestSplitIsJudgedAsAWhole() throws IOException {
    bytes("a/train-images-idx3-ubyte", idxImages(3, 2, 0, 255, 10, 255, 0, 30));
    bytes("a/train-labels-idx1-ubyte", idxLabels(0, 1, 2));
    DataSet trained = train("a");
    DataSet set = judged("a", trained);
    assertThat(set.test().count()).isEqualTo(3);
    assertThat(set.description()).contains("3 examples, all of a (", "it has no test split");
    bytes("b/train-images-idx3-ubyte", idxImages(1, 2, 0, 255));
    bytes("b/train-labels-idx1-ubyte", idxLabels(3));
    assertError("b", trained, "image 0", "class '3'", "it knows 0, 1, 2");
    bytes("c/train-images-idx3-ubyte", idxImages(1, 3, 0, 255, 0));
    bytes("c/train-labels-idx1-ubyte", idxLabels(1));
    assertError("c", trained, "expected images of 2×1 grey", "found 3×1 grey");
  }

  @Test
  void anyBatchOfCifarIsJudgedByTheTrainingStatistics() throws IOException {
    for (int i = 1; i <= 5; i++) {
      byte[] batch = new byte[2 * 3073];
      Arrays.fill(batch, 10, 3000, (byte) (i * 40));
      batch[3073] = 9;
      bytes("a/data_batch_" + i + ".bin", batch);
    }
    byte[] test = new byte[3073];
    Arrays.fill(test, 1, 500, (byte) 77);
    bytes("a/test_batch.bin", test);
    bytes("b/test_batch.bin", test);
    bytes("c/data_batch_2.bin", test);
    DataSet trained = train("a");
    assertSame(judged("b", trained).test(), trained.test());
    DataSet all = judged("c", trained);
    assertSame(all.test(), trained.test());
    assertThat(all.description()).contains("all of c", "no test split");
  }

  @Test
  void foldersOfImagesKeepTheTrainingClassesAndStatistics() throws IOException {
    for (String place : new String[] {"a/train", "a/test", "b/test", "c"}) {
      image(place + "/owl/1.png", COLOUR, 1, 255, 0, 10);
      image(place + "/fox/1.png", COLOUR, 1, 9, 9, 9);
    }
    image("a/train/ant/1.png", COLOUR, 1, 1, 2, 3);
    DataSet trained = train("a");
    assertThat(trained.classNames()).containsExactly("ant", "fox", "owl");
    assertSame(judged("b", trained).test(), trained.test());
    assertSame(judged("c", trained).test(), trained.test());
    assertThat(judged("b", trained).description()).contains("the test split of b");
    assertThat(judged("c", trained).description()).contains("all of c");
    image("d/fox/1.png", GREY, 1, 9);
    assertThat(Copies.input(judged("d", trained).test(), 0))
        .as("grey made colour")
        .isEqualTo(Copies.input(trained.test(), 0));
  }

  @Test
  void imagesThatTheModelCannotBeAskedAboutAreNamed() throws IOException {
    image("a/owl/1.png", GREY, 2, 0, 1);
    image("a/fox/1.png", GREY, 2, 9, 8);
    DataSet trained = train("a");
    image("size/owl/1.png", GREY, 3, 0, 1, 2);
    assertThatThrownBy(() -> judged("size", trained))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("size/owl/1.png", "2×1 grey", "found 3×1 grey");
    image("colour/owl/1.png", COLOUR, 2, 0, 1, 2, 3, 4, 5);
    assertThatThrownBy(() -> judged("colour", trained))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("colour/owl/1.png", "2×1 grey", "found 2×1 colour");
    image("class/cat/1.png", GREY, 2, 0, 1);
    assertThatThrownBy(() -> judged("class", trained))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("class/cat", "there are fox, owl");
    write("table/test.csv", "a,y\n1,2\n");
    assertError("table", trained, "another kind", "images of 2×1 grey");
  }

  @Test
  void aModelOfResizedImagesIsJudgedByImagesOfAnySize() throws IOException {
    image("a/owl/1.png", GREY, 4, 0, 10, 20, 30);
    image("a/fox/1.png", GREY, 3, 9, 8, 7);
    DataSet trained = DataSets.open(folder.resolve("a").toString(), DEFAULTS.withImageSize(2));
    assertThat(trained.preprocessing().toJson()).contains("\"resized\":true");
    image("b/owl/1.png", GREY, 4, 0, 10, 20, 30);
    image("b/fox/1.png", GREY, 2, 9, 8);
    DataSet set = judged("b", trained);
    assertThat(set.test().shape().input()).containsExactly(1, 2, 2);
    bytes("idx/train-images-idx3-ubyte", idxImages(2, 4, 0, 10, 20, 30, 1, 2, 3, 4));
    bytes("idx/train-labels-idx1-ubyte", idxLabels(0, 1));
    DataSet fromIdx = DataSets.open(folder.resolve("idx").toString(), DEFAULTS.withImageSize(2));
    assertThat(fromIdx.train().shape().input()).containsExactly(1, 2, 2);
  }

  private static final String ROWS = "1.5,L,2020-01-01,yes\n2,S,2020-01-02,no\n4,S,2020-01-03,no\n";

  @Test
  void tablesKeepTheTrainingColumnsWordsClassesAndStatistics() throws IOException {
    write("a/train.csv", "x,size,day,kind\n" + ROWS + "8,M,2020-01-04,maybe\n");
    write("a/test.csv", "x,size,day,kind\n" + ROWS);
    write("b/test.csv", "x,size,day,kind\n" + ROWS);
    write("c/more.csv", "kind;extra;size;x\nyes;7;L;1.5\nno;7;S;2\nno;8;S;4\n");
    DataSet trained = train("a");
    assertSame(judged("a", trained).test(), trained.test());
    assertSame(judged("b", trained).test(), trained.test());
    assertSame(judged("c", trained).test(), trained.test());
    assertSame(judged("c/more.csv", trained).test(), trained.test());
    assertThat(judged("b", trained).description())
        .isEqualTo(
            "3 examples, the test split of b (rows of 4 features, 3 classes, label 'kind', CSV: delimiter comma, decimal point, header)");
    assertThat(judged("c", trained).description()).contains("all of c (", "it has no test split");
  }

  @Test
  void regressionsKeepTheScaleOfTheirTargets() throws IOException {
    write("a/train.csv", "x,y\n1,10.5\n2,20.5\n");
    write("a/test.csv", "x,y\n7,70.5\n9,3\n");
    write("b.csv", "x,y\n7,70.5\n9,3\n");
    DataSet trained = train("a");
    assertThat(trained.preprocessing().targetDeviation()).hasValue(5);
    assertSame(judged("b.csv", trained).test(), trained.test());
    assertThat(Copies.realTarget(judged("b.csv", trained).test(), 0)).isEqualTo(11);
  }

  @Test
  void tablesThatTheModelCannotBeAskedAboutAreNamedWithTheirLine() throws IOException {
    write("a/train.csv", "x,size,kind\n1,L,yes\n2,S,no\n");
    DataSet trained = train("a");
    write("column.csv", "x,kind\n1,yes\n");
    assertError("column.csv", trained, "expected a column 'size' to predict from", "x, kind");
    write("label.csv", "x,size\n1,L\n");
    assertError("label.csv", trained, "expected a column 'kind' with the label");
    write("word.csv", "x,size,kind\n1,L,yes\n1,XL,yes\n");
    assertError("word.csv", trained, "word.csv:3: column 'size'", "one of L, S", "'XL'");
    write("class.csv", "kind,x,size\nyes,1,L\nperhaps,1,L\n");
    assertError("class.csv", trained, "class.csv:3: column 'kind'", "'perhaps'");
    write("number.csv", "x,size,kind\none,L,yes\n");
    assertError("number.csv", trained, "number.csv:2: column 'x'", "found 'one'");
    write("header.csv", "1,L,yes\n");
    assertError("header.csv", trained, "expected a column 'x'", "no header");
    write("empty.csv", "x,size,kind\n");
    assertError("empty.csv", trained, "expected rows");
    assertError("nowhere", trained, "no such file or folder");
  }

  @Test
  void aTextIsReadWithTheTrainingVocabulary() throws IOException {
    write("a/input.txt", "abcde😀\n".repeat(10));
    write("b.txt", "edcba edcba".replace(' ', '\n'));
    DataOptions four = DEFAULTS.withSequenceLength(4);
    DataSet trained = DataSets.open(folder.resolve("a").toString(), four);
    DataSet set = judged("b.txt", trained);
    assertThat(set.test().count()).isEqualTo(2);
    assertThat(Copies.symbols(set.test(), 0)).containsExactly(5, 4, 3, 2);
    assertThat(Copies.targets(set.test(), 1)).containsExactly(0, 5, 4, 3);
    assertThat(set.description()).contains("2 examples, all of b.txt", "text of 11");
    assertThat(judged("a", trained).test().count()).isEqualTo(17);
    write("c.txt", "abc\nabé");
    assertError("c.txt", trained, "c.txt:2:", "only the 7 characters", "'é' (U+00E9)");
    write("d.txt", "abc\r\n");
    assertError("d.txt", trained, "d.txt:1:", "found U+000D");
    write("e.txt", "abcd");
    assertError("e.txt", trained, "more than the 4 characters", "found 4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"shapes", "shapes-rgb", "blobs", "drifting", "waves"})
  void generatedDataIsJudgedByItsTestSplit(String name) {
    DataSet trained = DataSets.open("generated:" + name, DEFAULTS);
    Preprocessing read = Preprocessing.parse(trained.preprocessing().toJson(), "test");
    DataSet set = DataSets.openFor("generated:" + name, DEFAULTS, read);
    assertSame(set.test(), trained.test());
    assertThat(set.description()).contains("the test split of generated:" + name);
  }

  @Test
  void otherGeneratedDataIsNamed() throws IOException {
    DataSet blobs = DataSets.open("generated:blobs", DEFAULTS);
    for (String other : new String[] {"waves", "vibration", "text", "shapes"}) {
      assertThatThrownBy(
              () -> DataSets.openFor("generated:" + other, DEFAULTS, blobs.preprocessing()))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("generated:" + other)
          .hasMessageContaining("expected");
    }
    write("x.csv", "x1,x2,x3,x4,x5,x6,x7,x8,y\n1,2,3,4,5,6,7,8,blobs C\n");
    assertThat(judged("x.csv", blobs).test().label(0)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{\"version\":1}",
        "{\"version\":2,\"kind\":\"text\",\"sequenceLength\":4,\"symbols\":\"ab\"}",
        "{\"version\":1,\"kind\":\"sound\"}",
        "{\"version\":1,\"kind\":\"text\",\"sequenceLength\":0,\"symbols\":\"ab\"}",
        "{\"version\":1,\"kind\":\"text\",\"sequenceLength\":4,\"symbols\":\"ba\"}",
        "{\"version\":1,\"kind\":\"text\",\"sequenceLength\":4,\"symbols\":\"\"}",
        "{\"version\":1,\"kind\":\"images\",\"height\":2,\"width\":2,\"mean\":[0],\"deviation\":[0],\"classes\":2,\"classNames\":[]}",
        "{\"version\":1,\"kind\":\"images\",\"height\":2,\"width\":2,\"mean\":[0,1],\"deviation\":[1,1],\"classes\":2,\"classNames\":[]}",
        "{\"version\":1,\"kind\":\"images\",\"height\":2,\"width\":2,\"mean\":[0],\"deviation\":[1],\"classes\":2,\"classNames\":[\"a\"]}",
        "{\"version\":1,\"kind\":\"images\",\"height\":2,\"width\":3,\"resized\":true,\"mean\":[0],\"deviation\":[1],\"classes\":2,\"classNames\":[]}",
        "{\"version\":1,\"kind\":\"images\",\"height\":2000,\"width\":2000,\"resized\":true,\"mean\":[0],\"deviation\":[1],\"classes\":2,\"classNames\":[]}",
        "{\"version\":1,\"kind\":\"images\",\"height\":2,\"width\":2,\"resized\":\"yes\",\"mean\":[0],\"deviation\":[1],\"classes\":2,\"classNames\":[]}",
        "{\"version\":1,\"kind\":\"images\",\"height\":90000,\"width\":90000,\"mean\":[0],\"deviation\":[1],\"classes\":2,\"classNames\":[]}",
        "{\"version\":1,\"kind\":\"table\",\"columns\":[],\"label\":0,\"mean\":[],\"deviation\":[],\"targetMean\":0,\"targetDeviation\":1}",
        "{\"version\":1,\"kind\":\"table\",\"columns\":[{\"name\":\"a\",\"use\":\"number\"},{\"name\":\"y\",\"use\":\"number\"}],\"label\":1,\"mean\":[1e999],\"deviation\":[1],\"targetMean\":0,\"targetDeviation\":1}",
        "{\"version\":1,\"kind\":\"table\",\"columns\":[{\"name\":\"a\",\"use\":\"number\"},{\"name\":\"y\",\"use\":\"number\"}],\"label\":1,\"mean\":[],\"deviation\":[],\"targetMean\":0,\"targetDeviation\":1}",
        "{\"version\":1,\"kind\":\"table\",\"columns\":[{\"name\":\"a\",\"use\":\"number\"},{\"name\":\"y\",\"use\":\"number\"}],\"label\":1,\"steps\":-1,\"mean\":[0],\"deviation\":[1],\"targetMean\":0,\"targetDeviation\":1}",
        "{\"version\":1,\"kind\":\"table\",\"columns\":[{\"name\":\"a\",\"use\":\"number\"},{\"name\":\"y\",\"use\":\"number\"}],\"label\":1,\"steps\":999999,\"mean\":[0],\"deviation\":[1],\"targetMean\":0,\"targetDeviation\":1}",
        "{\"version\":1,\"kind\":\"table\",\"columns\":[{\"name\":\"a\",\"use\":\"number\"},{\"name\":\"i\",\"use\":\"sequence\"},{\"name\":\"y\",\"use\":\"number\"}],\"label\":2,\"mean\":[0],\"deviation\":[1],\"targetMean\":0,\"targetDeviation\":1}"
      })
  void damagedPreprocessingIsAnErrorThatNamesThePlace(String json) {
    assertThatThrownBy(() -> Preprocessing.parse(json, "model.safetensors"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("model.safetensors: expected how the training data was prepared")
        .hasMessageNotContaining("\n");
  }
}
