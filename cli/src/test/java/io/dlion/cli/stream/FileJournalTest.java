package io.dlion.cli.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest {
  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = folder.resolve("stream/w1/journal.tsv");
  }

  private FileJournal journal() throws IOException {
    return new FileJournal(file);
  }

  private static Map<String, String> counters(int learned) {
    return Map.of("learned", learned + "", "position", "0=" + learned + ";1=7", "empty", "");
  }

  private FileJournal marked(int... numbers) throws IOException {
    FileJournal journal = journal();
    for (int number : numbers) {
      journal.mark(number, counters(10 * number));
    }
    return journal;
  }

  @Test
  void aMarkSurvivesTheProcessAtOnce() throws IOException {
    FileJournal written = marked(1, 2, 3);
    assertThat(journal().find(2)).contains(counters(20));
    written.saved(); // the first journal is still open, as it would be in a process that hangs
  }

  @Test
  void findsTheNewestUpToANumberAndForgetsLaterOnes() throws IOException {
    marked(1, 2, 5, 6);
    assertThat(journal().find(4)).contains(counters(20));
    assertThat(Files.readAllLines(file)).hasSize(2);
    assertThat(journal().find(Long.MAX_VALUE)).contains(counters(20));
    assertThat(journal().find(0)).isEmpty();
  }

  @Test
  void numbersThatBeganAnewAreFoundFromTheEnd() throws IOException {
    FileJournal journal = marked(7, 8, 9, 2);
    journal.mark(3, counters(31));
    assertThat(journal().find(8)).contains(counters(31));
    assertThat(journal().find(2)).contains(counters(20));
  }

  @Test
  void aLineThatACrashCutShortIsLeftOut() throws IOException {
    marked(1, 2);
    String whole = Files.readString(file);
    for (int cut = 1; cut < whole.length() / 2; cut++) {
      Files.writeString(file, whole.substring(0, whole.length() - 1 - cut));
      assertThat(journal().find(9)).as("%d characters less", cut).contains(counters(10));
    }
  }

  @Test
  void whatIsWrittenBehindALineThatWasCutShortIsRead() throws IOException {
    marked(1, 2);
    Files.writeString(file, "3\tlearned=3", StandardOpenOption.APPEND);
    FileJournal again = journal();
    again.mark(4, counters(40));
    assertThat(journal().find(9)).contains(counters(40));
    assertThat(Files.readString(file)).doesNotContain("learned=3\t4");
  }

  @Test
  void aLineThatIsWholeAndNonsenseIsAnError() throws IOException {
    marked(1);
    Files.writeString(file, "x\tlearned=3\t\u00b6\n", StandardOpenOption.APPEND);
    assertThatThrownBy(this::journal)
        .isInstanceOf(UserError.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("move it away");
  }

  @Test
  void twoCheckpointsLaterAMarkIsForgotten() throws IOException {
    FileJournal journal = marked(1, 2);
    journal.saved();
    journal.mark(3, counters(30));
    assertThat(journal().find(2)).as("the checkpoint may not be whole").contains(counters(20));
    journal.mark(3, counters(30)); // what find has cut off in the file
    journal.saved();
    assertThat(journal().find(2)).isEmpty();
    assertThat(journal().find(3)).contains(counters(30));
    journal.saved();
    assertThat(Files.readAllLines(file)).isEmpty();
  }

  @Test
  void aCheckpointBeforeTheStreamIsOpenedDoesNoHarm() throws IOException {
    marked(1, 2, 3);
    FileJournal again = journal();
    again.saved();
    assertThat(again.find(1)).contains(counters(10));
    again.mark(2, counters(21));
    again.saved();
    assertThat(journal().find(2)).contains(counters(21));
  }

  @Test
  void canBeCleared() throws IOException {
    FileJournal journal = marked(1, 2);
    journal.saved();
    journal.clear();
    assertThat(journal.find(9)).isEmpty();
    journal.saved();
    journal.mark(3, counters(30));
    assertThat(journal().find(9)).contains(counters(30));
  }
}
