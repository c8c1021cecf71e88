package io.dlion.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.group.Encodings.Offer;
import io.dlion.data.DataOptions;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.recognise.DataSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataAgreementTest {
  @TempDir Path folder;

  private Preprocessing table(String text) throws IOException {
    Path file = Files.writeString(Files.createTempFile(folder, "t", ".csv"), text);
    return DataSets.open(file.toString(), DataOptions.defaults()).preprocessing();
  }

  private static Offer offer(Preprocessing preprocessing, boolean fixed) {
    return new Offer(preprocessing.toJson(), fixed, 100);
  }

  private static Optional<String> objection(Offer here, Offer there) {
    return new DataAgreement(here.encoding(), new java.util.concurrent.ConcurrentHashMap<>())
        .objection(here, there);
  }

  @Test
  void aLateComerWithNewWordsIsRefusedOnBothSides() throws IOException {
    Preprocessing run = table("x,colour,label\n1,red,a\n2,blue,b\n");
    Preprocessing late = table("x,colour,label\n1,violet,a\n2,blue,b\n");
    assertThat(objection(offer(run, false), offer(late, false))).as("none has begun").isEmpty();
    assertThat(objection(offer(run, true), offer(late, false)))
        .contains(
            "words of column 'colour': 'violet' only there, the run began with 'blue', 'red'");
    assertThat(objection(offer(late, false), offer(run, true)))
        .contains("words of column 'colour': 'violet' only here, the run began with 'blue', 'red'");
    Preprocessing fewer = table("colour,x,label\nred,1,a\nred,1,b\n");
    assertThat(objection(offer(run, true), offer(fewer, false))).isEmpty();
    assertThat(objection(offer(fewer, false), offer(run, true))).isEmpty();
    assertThat(objection(offer(run, true), offer(fewer, true)))
        .as("two checkpoints of other models")
        .isPresent()
        .isNotEqualTo(objection(offer(fewer, true), offer(run, true)));
  }

  private static Offer given(Preprocessing preprocessing) {
    return new Offer(DataAgreement.of(preprocessing, true).own(), false, 100);
  }

  private Preprocessing table(String text, String... classes) throws IOException {
    Path file = Files.writeString(Files.createTempFile(folder, "t", ".csv"), text);
    return DataSets.open(file + "", DataOptions.defaults().withClasses(List.of(classes)))
        .preprocessing();
  }

  @Test
  void whereAllClassesAreGivenNoOthersAreTaken() throws IOException {
    Offer some = given(table("x,label\n1,b\n2,a\n", "c", "b", "a"));
    Offer fewer = offer(table("x,label\n1,b\n2,b\n3,c\n"), false);
    assertThat(objection(some, fewer)).isEmpty();
    assertThat(objection(fewer, some)).isEmpty();
    DataAgreement agreement = new DataAgreement(some.encoding(), new java.util.HashMap<>());
    for (List<Offer> offers : List.of(List.of(some, fewer), List.of(fewer, some))) {
      assertThat(agreement.read(agreement.common(offers)).classNames())
          .as("in the order that was given")
          .containsExactly("c", "b", "a");
    }
    Offer other = offer(table("x,label\n1,b\n2,zebra\n"), false);
    assertThat(objection(some, other))
        .contains(
            "classes: 'zebra' only there, and classes names only 'c', 'b', 'a' here; name them all"
                + " there, or take that data away");
    assertThat(objection(other, some).orElseThrow())
        .startsWith("classes: 'zebra' only here, and classes names only 'c', 'b', 'a' there;");
  }

  @Test
  void otherUnitsAreDoubtedAndNotRefused() throws IOException {
    Offer here = offer(table("x,label\n21,a\n21,b\n21,a\n"), false);
    Offer there = offer(table("x,label\n70,a\n70,b\n70,a\n"), false);
    DataAgreement agreement = new DataAgreement(here.encoding(), new java.util.HashMap<>());
    assertThat(agreement.objection(here, there)).isEmpty();
    assertThat(agreement.doubt(here, there, "at rome"))
        .contains("column 'x': mean 21 here, 70 at rome: other units?");
    Offer run = new Offer(here.encoding(), true, 100);
    assertThat(agreement.doubt(run, there, "at rome"))
        .contains("column 'x': mean 21 in the run, 70 at rome: other units?");
    assertThat(agreement.doubt(there, run, "at oslo"))
        .contains("column 'x': mean 70 here, 21 in the run: other units?");
    assertThat(agreement.doubt(run, run, "at oslo")).isEmpty();
  }

  @Test
  void whatAnotherWorkerTellsIsNotTrusted() throws IOException {
    Offer own = offer(table("x,label\n1,a\n2,b\n"), false);
    for (String text : List.of("", "nonsense", "{}", "[1,2]")) {
      assertThat(objection(own, new Offer(text, true, 5)).orElseThrow())
          .startsWith("the encoding that a worker told: expected");
    }
  }

  @Test
  void workersThatBeginTogetherTakeTheWordsOfAll() throws IOException {
    Preprocessing here = table("x,colour,label\n1,red,a\n2,blue,b\n");
    Preprocessing there = table("colour,label,x\ngreen,c,1\nblue,a,2\n");
    DataAgreement agreement = DataAgreement.of(here, false);
    Preprocessing common =
        agreement.read(agreement.common(List.of(offer(here, false), offer(there, false))));
    assertThat(common.classNames()).containsExactly("a", "b", "c");
    assertThat(common.shape().input()).containsExactly(4);
    assertThat(agreement.learned(common))
        .contains("words of column 'colour': 'green'; classes of 'label': 'c'");
    assertThat(agreement.learned(here)).isEmpty();
  }
}
