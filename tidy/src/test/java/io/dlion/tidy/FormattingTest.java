package io.dlion.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FormattingTest {
  @Test
  void sourcesAreFormatted() throws IOException, FormatterException {
    boolean fix = Boolean.getBoolean("tidy.fix");
    List<Path> unformatted = new ArrayList<>();
    Formatter formatter = new Formatter();
    for (Path file : Sources.all()) {
      String before = Files.readString(file);
      String after = formatter.formatSource(RemoveUnusedImports.removeUnusedImports(before));
      if (!before.equals(after)) {
        unformatted.add(file);
        if (fix) {
          Files.writeString(file, after);
        }
      }
    }
    assertThat(fix ? List.<Path>of() : unformatted).as("run `./tidy/fix` to format them").isEmpty();
  }
}
