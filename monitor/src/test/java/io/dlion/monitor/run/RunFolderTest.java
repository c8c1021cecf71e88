package io.dlion.monitor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFolderTest {
  private static final Instant NOW =
      LocalDateTime.of(2026, 3, 4, 5, 6, 7).atZone(ZoneId.systemDefault()).toInstant();

  @TempDir Path temporary;
  private final List<String> warnings = new ArrayList<>();
  private Path out = Path.of("");

  @BeforeEach
  void setUp() {
    out = temporary.resolve("runs");
  }

  private RunFolder create(String name, int secondsLater) throws IOException {
    RunFolder run = RunFolder.create(out, name, NOW.plusSeconds(secondsLater), warnings::add);
    run.writeAtomically(run.job(), "name: " + name);
    return run;
  }

  @Test
  void isNamedByTimeAndName() throws IOException {
    RunFolder run = create("my run: café/../x", 0);
    assertThat(run.path()).isEqualTo(out.resolve("20260304-050607-my-run-caf-..-x")).isDirectory();
    assertThat(run.checkpoints()).isDirectory();
  }

  @Test
  void sanitisesNames() {
    assertThat(RunFolder.sanitised("")).isEqualTo("run");
    assertThat(RunFolder.sanitised("../..")).isEqualTo("run");
    assertThat(RunFolder.sanitised(".hidden-")).isEqualTo("hidden");
    assertThat(RunFolder.sanitised("x".repeat(500))).hasSize(60);
  }

  @Test
  void isUniqueWithinASecond() throws IOException {
    create("a", 0);
    assertThat(create("a", 0).path()).hasFileName("20260304-050607-a-2");
    assertThat(create("a", 0).path()).hasFileName("20260304-050607-a-3");
  }

  @Test
  void latestPointsToTheNewestAndStaysRelative() throws IOException {
    create("a", 0);
    RunFolder second = create("b", 1);
    assertThat(Files.readSymbolicLink(out.resolve("latest")))
        .isEqualTo(second.path().getFileName());
    assertThat(RunFolder.open(out.resolve("latest"))).isEqualTo(second);
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder("20260304-050607-a", "20260304-050608-b", "latest");
    }
  }

  @Test
  void latestMayBeATextFileWhereLinksAreNotPossible() throws IOException {
    RunFolder first = create("a", 0);
    create("b", 1);
    LatestRun.pointByText(out.resolve("latest"), first.path().getFileName().toString());
    assertThat(out.resolve("latest")).isRegularFile();
    assertThat(RunFolder.open(out.resolve("latest"))).isEqualTo(first);
    RunFolder third = create("c", 2);
    assertThat(RunFolder.open(out.resolve("latest"))).isEqualTo(third);
  }

  @Test
  void aPointerThatLeavesTheFolderIsRefused() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("latest"), "../../etc");
    assertThatThrownBy(() -> RunFolder.open(out.resolve("latest")))
        .isInstanceOf(UserError.class)
        .hasMessage(
            out.resolve("latest")
                + ": expected a link to a run or the name of one, found another file");
  }

  @Test
  void aFolderInPlaceOfLatestStaysAndIsSaid() throws IOException {
    RunFolder copied = create("copied", 0);
    Path latest = out.resolve("latest");
    Files.delete(latest);
    Files.move(copied.path(), latest); // what cp -rL makes of a link
    RunFolder run = create("b", 1);
    assertThat(run.path()).isDirectory();
    assertThat(warnings)
        .containsExactly(
            "warning: " + latest + " does not point to this run: it is a folder, not a link");
    assertThat(latest.resolve("job.yaml")).content().isEqualTo("name: copied");
    assertThat(RunFolder.open(latest).path()).as("still a run").isEqualTo(latest);
  }

  @Test
  void anotherFileInPlaceOfLatestStaysAndIsSaid() throws IOException {
    Files.createDirectories(out);
    Path latest = Files.writeString(out.resolve("latest"), "my notes");
    create("a", 0);
    assertThat(warnings)
        .containsExactly(
            "warning: "
                + latest
                + " does not point to this run: it is a file that is not of this program");
    assertThat(latest).content().isEqualTo("my notes");
  }

  @Test
  void aDanglingLatestIsReplaced() throws IOException {
    Files.createDirectories(out);
    Files.createSymbolicLink(out.resolve("latest"), Path.of("20250101-000000-deleted"));
    RunFolder run = create("a", 0);
    assertThat(warnings).isEmpty();
    assertThat(RunFolder.open(out.resolve("latest"))).isEqualTo(run);
  }

  @Test
  void opensAFolderByItself() throws IOException {
    RunFolder run = create("a", 0);
    assertThat(RunFolder.open(run.path())).isEqualTo(run);
  }

  @Test
  void namesTheNewestRunsIfThereIsNoSuchRun() throws IOException {
    for (int i = 0; i < 5; i++) {
      create("r" + i, i);
    }
    Path wrong = out.resolve("r9");
    String newest =
        out.resolve("20260304-050611-r4")
            + ", "
            + out.resolve("20260304-050610-r3")
            + ", "
            + out.resolve("20260304-050609-r2");
    assertThatThrownBy(() -> RunFolder.open(wrong))
        .isInstanceOf(UserError.class)
        .hasMessage("no run folder at " + wrong + ": no such folder; newest: " + newest);
    assertThatThrownBy(() -> RunFolder.open(out))
        .isInstanceOf(UserError.class)
        .hasMessage(out + " is not a run folder: job.yaml is missing in it; newest: " + newest);
  }

  @Test
  void saysWhatToDoIfThereAreNoRunsAtAll() {
    assertThatThrownBy(() -> RunFolder.open(out.resolve("latest")))
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith(
            "no such folder; there are no runs beside it (dlion train makes one)");
  }

  @Test
  void aFileInPlaceOfTheFolderOfRunsIsTheUsersError() throws IOException {
    Files.writeString(out, "");
    assertThatThrownBy(() -> RunFolder.create(out, "a", NOW, warnings::add))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("expected a folder to keep runs in, found a file");
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "");
    assertThatThrownBy(() -> RunFolder.create(file.resolve("runs"), "a", NOW, warnings::add))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot create run folder " + file);
  }

  @Test
  void writesOnlyInsideItself() throws IOException {
    RunFolder run = create("a", 0);
    assertThatThrownBy(() -> run.writeAtomically(run.path().resolve("../x"), "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
