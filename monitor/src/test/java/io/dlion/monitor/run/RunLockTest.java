package io.dlion.monitor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
  @TempDir private Path folder;
  private final List<String> warnings = new ArrayList<>();

  private RunLock take() {
    return RunLock.take(new RunFolder(folder), warnings::add);
  }

  @Test
  void aFolderIsHeldByOneUntilItIsReleased() throws IOException {
    try (RunLock _ = take()) {
      assertThatThrownBy(this::take)
          .isInstanceOf(UserError.class)
          .hasMessage(
              folder
                  + ": process "
                  + ProcessHandle.current().pid()
                  + " is training in this folder: wait until it ends, or stop it first");
    }
    take().close();
    assertThat(warnings).isEmpty();
  }

  @Test
  void theFileOfAProcessThatDiedHoldsNobodyUp() throws IOException {
    Files.writeString(folder.resolve(".lock"), "4711");
    take().close();
    assertThat(warnings).isEmpty();
  }

  @Test
  void aFolderThatCannotBeLockedIsTrainedInWithAWarning() throws IOException {
    Files.createDirectory(folder.resolve(".lock"));
    take().close();
    assertThat(warnings).singleElement().asString().startsWith("warning: cannot lock " + folder);
  }

  @Test
  void withoutAFolderThereIsNothingToHold() throws IOException {
    RunLock.take(Optional.empty(), warnings::add).close();
    assertThat(warnings).isEmpty();
  }
}
