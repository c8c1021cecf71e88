package io.dlion.data.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.learn.Examples;
import io.dlion.data.Copies;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.recognise.DataSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Data at several places gets the encoding that all of it would have at one. */
class CommonPreprocessingTest {
  private static final List<String> COLUMNS = List.of("x", "colour", "shop", "n", "label");

  @TempDir Path folder;

  private Preprocessing of(String text) throws IOException {
    return open(text, DataOptions.defaults()).preprocessing();
  }

  /** A table with a test set, so that none of its rows is held out. */
  private DataSet open(String text, DataOptions options) throws IOException {
    Path here = Files.createTempDirectory(folder, "t");
    Files.writeString(here.resolve("train.csv"), text);
    Files.writeString(here.resolve("test.csv"), text);
    return DataSets.open(here.toString(), options);
  }

  private static CommonPreprocessing.Place place(Preprocessing preprocessing, long examples) {
    return new CommonPreprocessing.Place(preprocessing, examples);
  }

  private static List<List<String>> rows(Random random, int count) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(
          List.of(
              Double.toString(random.nextGaussian() * 3 + 7),
              "colour" + random.nextInt(5),
              "shop " + random.nextInt(3),
              Integer.toString(random.nextInt(100)),
              "class " + random.nextInt(6)));
    }
    return rows;
  }

  private static String table(List<List<String>> rows, List<Integer> order) {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      text.append(String.join(",", order.stream().map(row::get).toList())).append('\n');
    }
    return String.join(",", order.stream().map(COLUMNS::get).toList()) + "\n" + text;
  }

  private static LongStream seeds() {
    return LongStream.range(0, 16);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void placesWithColumnsInAnyOrderMeanWhatOnePlaceWithAllRowsWould(long seed) throws IOException {
    Random random = new Random(seed);
    List<Integer> order = new ArrayList<>(IntStream.range(0, COLUMNS.size()).boxed().toList());
    List<List<String>> all = new ArrayList<>();
    List<CommonPreprocessing.Place> places = new ArrayList<>();
    List<String> tables = new ArrayList<>();
    List<Integer> firstOrder = List.of();
    for (int p = 0; p < 3; p++) {
      List<List<String>> rows = rows(random, 20 + random.nextInt(40));
      all.addAll(rows);
      Collections.shuffle(order, random);
      firstOrder = p == 0 ? List.copyOf(order) : firstOrder;
      tables.add(table(rows, order));
      places.add(place(of(tables.getLast()), rows.size()));
    }
    DataSet one = open(table(all, firstOrder), DataOptions.defaults());
    Preprocessing common = CommonPreprocessing.of(places);
    assertThat(common.classNames()).isEqualTo(one.classNames());
    int row = 0;
    for (String table : tables) {
      DataSet part = open(table, DataOptions.defaults().encodedBy(common));
      for (int r = 0; r < part.train().count(); r++, row++) {
        assertThat(Copies.input(part.train(), r))
            .containsExactly(Copies.input(one.train(), row), Offset.offset(1e-4f));
        assertThat(part.train().label(r)).isEqualTo(one.train().label(row));
      }
    }
    assertThat(Preprocessing.parse(common.toJson(), "here")).isEqualTo(common);
  }

  @Test
  void targetsOfARegressionHaveOneUnit() throws IOException {
    Preprocessing common =
        CommonPreprocessing.of(
            List.of(
                place(of("x,y\n1,10.5\n2,20.5\n3,40.5\n"), 3),
                place(of("x,y\n5,1000.5\n9,3000.5\n"), 2)));
    DataSet all = open("x,y\n1,10.5\n2,20.5\n3,40.5\n5,1000.5\n9,3000.5\n", DataOptions.defaults());
    assertThat(common.targetDeviation().orElseThrow())
        .isCloseTo(all.preprocessing().targetDeviation().orElseThrow(), Offset.offset(1e-6));
  }

  @Test
  void equalEncodingsStayAsTheyAreBitForBit() throws IOException {
    Preprocessing own = of("x,label\n0.1,a\n0.7,b\n0.31,a\n");
    assertThat(CommonPreprocessing.of(List.of(place(own, 3), place(own, 7)))).isSameAs(own);
  }

  @Test
  void leftOutColumnsNeedNotBeEverywhere() throws IOException {
    Preprocessing dated = of("day,x,label\n2020-01-02,1,a\n2020-01-03,2,b\n");
    Preprocessing other = of("x,label\n7,c\n9,b\n");
    assertThat(PreprocessingDifference.ofStructure(dated, other)).isEmpty();
    Preprocessing common = CommonPreprocessing.of(List.of(place(dated, 2), place(other, 2)));
    Examples rows =
        open("day,x,label\n2020-01-02,1,a\n", DataOptions.defaults().encodedBy(common)).train();
    assertThat(rows.shape().input()).containsExactly(1);
    assertThat(common.classNames()).containsExactly("a", "b", "c");
  }

  @Test
  void numberedClassesStayInTheOrderOfTheirNumbers() throws IOException {
    Preprocessing common =
        CommonPreprocessing.of(
            List.of(place(of("x,label\n1,10\n2,9\n"), 2), place(of("x,label\n1,2\n2,10\n"), 2)));
    assertThat(common.classNames()).containsExactly("2", "9", "10");
  }

  @Test
  void moreWordsThanAModelShouldHaveAreRefused() throws IOException {
    List<CommonPreprocessing.Place> places = new ArrayList<>();
    for (int p = 0; p < 40; p++) {
      StringBuilder text = new StringBuilder("town,label\n");
      for (int i = 0; i < 30; i++) {
        text.append("town").append(p).append('-').append(i).append(",c").append(i % 2).append('\n');
      }
      places.add(place(of(text.toString()), 30));
    }
    assertThatThrownBy(() -> CommonPreprocessing.of(places))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("column 'town': expected at most 1,024 different words")
        .hasMessageContaining("1,200");
  }

  @Test
  void textsGetTheSymbolsOfAll() throws IOException {
    Path a = Files.writeString(folder.resolve("a.txt"), "abc ".repeat(300));
    Path b = Files.writeString(folder.resolve("b.txt"), "cdé😀".repeat(300));
    Preprocessing common =
        CommonPreprocessing.of(
            List.of(
                place(DataSets.open(a.toString(), DataOptions.defaults()).preprocessing(), 9),
                place(DataSets.open(b.toString(), DataOptions.defaults()).preprocessing(), 9)));
    assertThat(common.classNames()).containsExactly(" ", "a", "b", "c", "d", "é", "😀");
  }

  @Test
  void imagesGetTheClassesOfAllAndGreyOnesBecomeColour() {
    Preprocessing grey =
        new ImagePreprocessing(2, 2, List.of(new Standard(0.5, 0.1)), 2, List.of("fox", "owl"));
    Preprocessing colour =
        new ImagePreprocessing(
            2,
            2,
            List.of(new Standard(0.1, 0.1), new Standard(0.5, 0.1), new Standard(0.9, 0.1)),
            2,
            List.of("ant", "fox"));
    assertThat(PreprocessingDifference.ofStructure(grey, colour)).isEmpty();
    ImagePreprocessing common =
        (ImagePreprocessing) CommonPreprocessing.of(List.of(place(grey, 10), place(colour, 30)));
    assertThat(common.classNames()).containsExactly("ant", "fox", "owl");
    assertThat(common.scales()).hasSize(3);
    assertThat(common.scales().getFirst().mean()).isCloseTo(0.2, Offset.offset(1e-12));
    assertThat(common.scales().getFirst().deviation())
        .isCloseTo(Math.sqrt(0.01 + 0.25 * 0.75 * 0.16), Offset.offset(1e-12));
    assertThat(common.scales().get(1))
        .isEqualTo(new Standard(0.5, common.scales().get(1).deviation()));
  }
}
