package io.dlion.cli.tuned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files with tuned settings: written, read, misused. */
class TunedReaderTest {
  private static final Map<String, String> FOUND =
      Map.of("batching.initial", "12", "optimizer.momentum", "0", "exchange.values", "int8");

  @TempDir private Path folder;

  private static Tuned tuned(String file, String environment) {
    return new Tuned(
        file,
        environment,
        "photos: of shops",
        "cnn-small",
        Map.of("seed", "1"),
        Map.of(
            "ako",
            new Tuned.Method(
                "ako", Map.of("optimizer.averaging", "3"), FOUND, Map.of("accuracy", "0.85"))));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("tuned.yaml"), text);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path file = folder.resolve("tuned.yaml");
    Tuned written = tuned(file.toString(), "hetero-sys-a");
    Files.writeString(file, written.toYaml(List.of("DLion", "dlion tune")));
    assertThat(TunedReader.read(file)).isEqualTo(written);
    assertThat(written.requireChanges("ako"))
        .hasSize(4)
        .containsAllEntriesOf(FOUND)
        .containsEntry("optimizer.averaging", "3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      textBlock =
          """
          batching.initial: 9999    => :8: methods.ako.set.batching.initial: expected a value of its space, 4 to 256 (log), found "9999"; one beyond it belongs under fixed
          optimizer.momentum: 0.7   => :8: methods.ako.set.optimizer.momentum: expected a value of its space, 0 | 0.5 | 0.9, found "0.7"; one beyond it belongs under fixed
          sync.mode: bounded        => :8: methods.ako.set.sync.mode: is no option that is tuned; expected it under fixed
          batching.intial: 9        => :8: unknown setting 'batching.intial'; did you mean 'batching.initial'? (dlion presets dlion lists them all)
          outer.momentum: 0.5       => :6: outer.momentum=0.5: has no effect with local.steps=0; expected local.steps to be above 0. Leave it out, or set that
          batching.initial: many    => :8: batching.initial=many: expected a whole number, auto | 1 to 65536
          """)
  void anOptionOutsideItsSpaceIsALine(String setting, String message) throws IOException {
    Path file =
        file(
            """
            environment: homo-a
            data: blobs
            model: mlp
            methods:
              ako:
                preset: ako
                set:
                  %s
            """
                .formatted(setting));
    assertThatThrownBy(() -> TunedReader.read(file))
        .isInstanceOf(UserError.class)
        .hasMessage(file + message.strip());
  }

  @Test
  void whatIsNoSuchFileIsALine() throws IOException {
    assertThatThrownBy(() -> TunedReader.read(file("workers: 3\n")))
        .hasMessageContaining("tuned.yaml:1: unknown key \"workers\"");
    assertThatThrownBy(
            () -> TunedReader.read(file("environment: a\ndata: b\nmodel: c\nmethods: {}\n")))
        .hasMessageEndingWith("tuned.yaml:4: methods: expected at least one method, found none");
    assertThatThrownBy(() -> TunedReader.read(folder.resolve("none.yaml")))
        .hasMessageEndingWith("none.yaml: no such file");
  }

  @Test
  void whatDiffersIsSaid() {
    Tuned tuned = tuned("t.yaml", "homo-a");
    assertThat(tuned.differences("cnn-small", Optional.empty())).isEmpty();
    assertThat(tuned.differences("mlp", Optional.of("blobs")))
        .containsExactly(
            "warning: t.yaml is tuned for model cnn-small, and this is mlp",
            "warning: t.yaml is tuned for data photos: of shops, and this is blobs");
    assertThat(
            new TunedFiles(List.of(tuned))
                .differences(List.of("homo-a", "homo-b"), "cnn-small", Optional.empty()))
        .containsExactly("warning: t.yaml is tuned for environment homo-a, and this is homo-b");
    TunedFiles two = new TunedFiles(List.of(tuned, tuned("u.yaml", "homo-b")));
    assertThat(two.in("homo-b").map(Tuned::file)).hasValue("u.yaml");
    assertThat(two.differences(List.of("homo-a", "starved-a"), "cnn-small", Optional.empty()))
        .containsExactly(
            "warning: no file of --settings is tuned in starved-a: presets are as they are there");
  }

  @Test
  void methodsThatItDoesNotHaveAreALine() {
    Tuned tuned = tuned("t.yaml", "homo-a");
    assertThatThrownBy(() -> tuned.requireChanges("dlion"))
        .hasMessage(
            "t.yaml: has no settings for preset dlion; it has ako (dlion tune --preset dlion finds"
                + " some)");
    assertThatThrownBy(() -> tuned.changes("ako", "dlion"))
        .hasMessageContaining("ako is tuned as a variant of ako, and here it is one of dlion");
    assertThatThrownBy(() -> new TunedFiles(List.of(tuned)).requireSome(List.of("dlion", "hop")))
        .hasMessage(
            "t.yaml: has settings of ako, and compared are dlion, hop; expected one of them");
  }
}
