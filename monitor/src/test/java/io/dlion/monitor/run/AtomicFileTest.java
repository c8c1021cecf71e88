package io.dlion.monitor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFileTest {
  @TempDir Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void replacesContent() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFile.write(file, "old and long");
    AtomicFile.write(file, "näw");
    assertThat(file).hasContent("näw");
    assertThat(names()).containsExactly("a.txt");
  }

  @Test
  void leavesOldContentAndNothingElseIfWritingFailsHalfway() throws IOException {
    Path file = folder.resolve("model");
    AtomicFile.write(file, "old");
    assertThatThrownBy(() ->
            AtomicFile.write(
                file,
                channel -> {
                  channel.write(ByteBuffer.wrap(new byte[100]));
                  throw new IOException("No space left on device");
                }))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot write " + file + ": No space left on device");
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("model");
  }

  @Test
  void leavesNothingBehindIfTheWriterThrowsAnError() throws IOException {
    Path file = folder.resolve("model");
    assertThatThrownBy(() ->
            AtomicFile.write(
                file,
                _ -> {
                  throw new IllegalStateException("bug");
                }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(names()).isEmpty();
  }

  @Test
  void leavesNothingBehindIfTheNameIsTakenByAFolder() throws IOException {
    Path file = folder.resolve("taken");
    Files.createDirectories(file.resolve("inner"));
    assertThatThrownBy(() -> AtomicFile.write(file, "x"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot write " + file + ": ");
    assertThat(names()).containsExactly("taken");
  }

  @Test
  void overwritesWhatAKilledWriterLeft() throws IOException {
    Files.writeString(folder.resolve(".a.tmp"), "half of something longer");
    AtomicFile.write(folder.resolve("a"), "whole");
    assertThat(folder.resolve("a")).hasContent("whole");
    assertThat(names()).containsExactly("a");
  }

  @Test
  void saysThatTheFolderIsMissing() {
    Path file = folder.resolve("no/such");
    assertThatThrownBy(() -> AtomicFile.write(file, "x"))
        .hasMessage("cannot write " + file + ": No such file or folder");
  }

  @Test
  void saysThatTheFolderIsReadOnly() {
    assumeTrue(folder.toFile().setWritable(false), "cannot make a folder read-only here");
    assumeTrue(!Files.isWritable(folder), "this user may write anywhere");
    Path file = folder.resolve("a");
    try {
      assertThatThrownBy(() -> AtomicFile.write(file, "x"))
          .hasMessage("cannot write " + file + ": Permission denied");
    } finally {
      assertThat(folder.toFile().setWritable(true)).isTrue();
    }
  }
}
