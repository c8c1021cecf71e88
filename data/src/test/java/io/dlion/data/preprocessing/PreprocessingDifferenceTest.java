package io.dlion.data.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.data.DataOptions;
import io.dlion.data.recognise.DataSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreprocessingDifferenceTest {
  @TempDir Path folder;

  private Preprocessing of(String text) throws IOException {
    Path file = Files.writeString(Files.createTempFile(folder, "t", ".csv"), text);
    return DataSets.open(file.toString(), DataOptions.defaults()).preprocessing();
  }

  private static String structure(Preprocessing here, Preprocessing there) {
    return PreprocessingDifference.ofStructure(here, there).orElse("");
  }

  @Test
  void wordsClassesAndOrderAreNoDifferenceOfStructure() throws IOException {
    Preprocessing here = of("x,colour,label\n1,red,a\n2,blue,b\n3,red,a\n");
    Preprocessing there = of("label,colour,x\nc,green,9\na,blue,8\n");
    assertThat(structure(here, there)).isEmpty();
    assertThat(PreprocessingDifference.unknownTo(here, there, "there"))
        .contains(
            "classes of 'label': 'c' only there, the run began with 'a', 'b'; "
                + "words of column 'colour': 'green' only there, the run began with 'blue', 'red'");
    assertThat(PreprocessingDifference.unknownTo(here, here, "there")).isEmpty();
    assertThat(PreprocessingDifference.added(there, here))
        .contains("words of column 'colour': 'red'; classes of 'label': 'b'");
  }

  @Test
  void otherColumnsAreToldByName() throws IOException {
    Preprocessing here = of("x,colour,label\n1,red,a\n2,blue,b\n");
    assertThat(structure(here, of("x,label\n1,a\n2,b\n")))
        .isEqualTo("column 'colour' is missing there and words here");
    assertThat(structure(here, of("x,colour,z,label\n1,red,2,a\n2,blue,3,b\n")))
        .isEqualTo("column 'z' is numbers there and missing here");
    assertThat(structure(here, of("x,colour,label\n1,7,a\n2,8,b\n")))
        .isEqualTo("column 'colour' is numbers there and words here");
    assertThat(structure(here, of("x,colour,label\n1,2020-01-01,a\n2,2020-01-01,b\n")))
        .isEqualTo("column 'colour' is left out there and words here");
    assertThat(structure(here, of("x,colour,target\n1,red,a\n2,blue,b\n")))
        .isEqualTo("the label is 'target' there and 'label' here");
    assertThat(structure(here, of("x,colour,label\n1%,red,a\n2%,blue,b\n")))
        .isEqualTo("column 'x' is numbers in % there and numbers here");
    assertThat(structure(here, of("x,colour,label\n1,red,1.5\n2,blue,2.5\n")))
        .isEqualTo(
            "the label 'label' (--task decides) is to predict as numbers there and a class here");
    assertThat(structure(here, of("a,b,c,d,e,label\n1,1,1,1,1,x\n1,1,1,1,1,z\n")))
        .endsWith("; and 3 more");
  }

  @Test
  void columnsOfOneNameAreComparedInTheirOrder() throws IOException {
    Preprocessing here = of("x,x,label\n1,red,a\n2,blue,b\n");
    assertThat(structure(here, of("x,label,x\n1,a,red\n2,b,red\n"))).isEmpty();
    assertThat(structure(here, of("x,x,label\nred,1,a\nblue,2,b\n")))
        .isEqualTo("column 'x' is words and numbers there and numbers and words here");
  }

  @Test
  void otherKindsAndSizesAreTold() throws IOException {
    Preprocessing table = of("x,label\n1,a\n2,b\n");
    Preprocessing text = new TextPreprocessing(16, "ab");
    List<Standard> grey = List.of(new Standard(0, 1));
    List<Standard> colour = List.of(grey.getFirst(), grey.getFirst(), grey.getFirst());
    Preprocessing images = new ImagePreprocessing(8, 9, grey, 2, List.of("a", "b"));
    assertThat(structure(table, images)).isEqualTo("the data is images there and a table here");
    assertThat(structure(images, text)).isEqualTo("the data is text there and images here");
    assertThat(structure(text, new TextPreprocessing(8, "abc")))
        .isEqualTo("the length of a sequence is 8 there and 16 here");
    assertThat(structure(images, new ImagePreprocessing(8, 8, colour, 2, List.of())))
        .isEqualTo(
            "the size of images is 8×8 there and 9×8 here; "
                + "what classes are called is numbers there and names here");
    Preprocessing colourful = new ImagePreprocessing(8, 9, colour, 2, List.of("a", "b"));
    assertThat(PreprocessingDifference.unknownTo(images, colourful, "here"))
        .contains("images are colour here, the run began with grey ones");
    assertThat(PreprocessingDifference.unknownTo(colourful, images, "here")).isEmpty();
    assertThat(PreprocessingDifference.unknownTo(text, new TextPreprocessing(16, "\na"), "there"))
        .contains("symbols: U+000A only there, the run began with 'a', 'b'");
  }
}
