package io.dlion.cli.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.CommandRun;
import io.dlion.cli.run.TrainRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a stream is said before anything of a run is written. */
class StreamEffectsTest {
  @TempDir private Path folder;

  private String refused(String... args) throws IOException {
    Path runs = folder.resolve("runs");
    List<String> all =
        new ArrayList<>(List.of("train", "--model", "mlp", "--out", runs.toString()));
    all.addAll(List.of(args));
    CommandRun run = new CommandRun().training(new TrainRun());
    assertThat(run.run(all.toArray(String[]::new))).isEqualTo(2);
    assertThat(runs).doesNotExist();
    return run.err();
  }

  @Test
  void aFolderThatIsMissingLeavesNoRunBehind() throws IOException {
    String nowhere = folder.resolve("nowhere").toString();
    assertThat(refused("--data", "generated:blobs", "--stream", nowhere))
        .contains("expected a folder to watch, found nothing");
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(refused("--data", "generated:blobs", "--stream", file.toString()))
        .contains("expected a folder to watch, found a file");
  }

  @Test
  void aSchemaThatWouldNotBeReadIsRefused() throws IOException {
    assertThat(
            refused(
                "--data",
                "generated:blobs",
                "--stream",
                folder.toString(),
                "--schema",
                "format=csv"))
        .contains("schema: has no effect", "leave the schema out, or --data");
    assertThat(refused("--stream", "generated:drifting", "--schema", "format=csv"))
        .contains("schema: has no effect with generated:drifting");
  }

  @Test
  void anEmptyFolderWithoutDataSaysWhatElseCanTellWhatExamplesAre() throws IOException {
    assertThat(refused("--stream", Files.createDirectory(folder.resolve("empty")).toString()))
        .contains("without --data, the stream's first files say what its examples are");
  }
}
