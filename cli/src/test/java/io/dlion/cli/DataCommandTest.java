package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dlion data} shows what is recognised, and trains nothing. */
class DataCommandTest {
  private final CommandRun dlion = new CommandRun();

  @TempDir Path folder;

  private Path table;

  @BeforeEach
  void writeATable() throws IOException {
    String rows = "2020-01-01,1.5,3,cat\n2020-01-02,2.5,4,dog\n".repeat(10);
    table = Files.writeString(folder.resolve("pets.csv"), "day,weight,age,kind\n" + rows);
  }

  @Test
  void showsColumnsTaskClassesAndWhatIsLeftOut() {
    assertThat(dlion.run("data", table.toString())).isZero();
    assertThat(dlion.out())
        .startsWith("pets.csv\nkind         table\n")
        .containsPattern("weight +number +feature +1.5 to 2.5\n")
        .containsPattern("kind +2 classes +label +cat, dog\n")
        .containsPattern("cat +\\d+ +\\d+\n")
        .contains("left out     column 'day' (date or time)\n");
    assertThat(dlion.jobs).isEmpty();
  }

  @Test
  void obeysTheOptionsOfReading() {
    assertThat(dlion.run("data", table.toString(), "--label", "weight")).isZero();
    assertThat(dlion.out()).contains("task         regression of 'weight'");
  }

  @Test
  void saysWhatAnExampleOfATimeSeriesIs() {
    assertThat(dlion.run("data", table.toString(), "--window", "3")).isZero();
    assertThat(dlion.out())
        .contains("series       an example is 3 rows, one after the other, with the label of the")
        .contains("2 rows at the end (fill no window)")
        .contains("examples     5 to learn from, 1 to judge by");
  }

  @Test
  void tellsProgramsOfSequences() throws IOException {
    Path steps = Files.writeString(folder.resolve("s.csv"), "id,x,y\n1,1,a\n1,2,a\n2,3,b\n");
    assertThat(dlion.run("data", steps.toString(), "--sequence-by", "id", "--json")).isZero();
    JsonNode json = new JsonMapper().readTree(dlion.out());
    assertThat(json.path("sequenceBy").asText()).isEqualTo("id");
    assertThat(json.path("steps").asInt()).isPositive();
    assertThat(json.path("columns").get(0).path("role").asText()).isEqualTo("sequence");
  }

  @Test
  void windowsAndSequencesTogetherAreAMistake() {
    assertThat(dlion.run("data", table + "", "--window", "3", "--sequence-by", "age")).isEqualTo(2);
    assertThat(dlion.err()).contains("--window 3 and --sequence-by age", "leave one of them out");
    assertThat(dlion.run("data", table + "", "--window", "0")).isEqualTo(2);
    assertThat(dlion.err()).contains("--window");
  }

  @Test
  void writesTheSameAsJson() throws IOException {
    assertThat(dlion.run("data", table.toString(), "--json")).isZero();
    JsonNode json = new JsonMapper().readTree(dlion.out());
    assertThat(json.path("kind").asText()).isEqualTo("table");
    assertThat(json.path("label").asText()).isEqualTo("kind");
    assertThat(json.path("columns").get(0).path("role").asText()).isEqualTo("left-out");
    assertThat(json.path("leftOut").get(0).path("what").asText()).isEqualTo("column 'day'");
    assertThat(json.path("fingerprint").asText()).startsWith("18+2-");
  }

  @Test
  void aPlaceWhereNothingLiesIsAMistake() {
    assertThat(dlion.run("data", folder.resolve("none").toString())).isEqualTo(2);
    assertThat(dlion.err()).contains("none: no such file or folder");
    assertThat(dlion.run("data")).isEqualTo(2);
  }
}
