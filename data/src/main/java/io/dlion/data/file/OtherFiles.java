package io.dlion.data.file;

import io.dlion.core.Phrase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counts the files in class folders that are not read. */
public final class OtherFiles {
  private static final int KINDS_MAX = 5;

  private OtherFiles() {}

  /** Their number, and how many there are of each kind; empty where there are none. */
  public static Optional<LeftOut> summary(List<Path> files) {
    if (files.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Long> counts =
        files.stream()
            .collect(Collectors.groupingBy(OtherFiles::kind, TreeMap::new, Collectors.counting()));
    Comparator<Map.Entry<String, Long>> mostFirst =
        Map.Entry.comparingByValue(Comparator.reverseOrder());
    String kinds =
        counts.entrySet().stream()
            .sorted(mostFirst)
            .limit(KINDS_MAX)
            .map(e -> Phrase.of("%,d %s", e.getValue(), e.getKey()))
            .collect(Collectors.joining(", "));
    String more = counts.size() > KINDS_MAX ? ", …" : "";
    return Optional.of(new LeftOut(count(files.size(), "file"), kinds + more));
  }

  private static String kind(Path file) {
    return Files.exists(file)
        ? Folder.extension(file).map(e -> "." + e).orElse("without extension")
        : "broken links";
  }

  /** A number of things, in words for people. */
  public static String count(int number, String what) {
    return Phrase.of("%,d %s%s", number, what, number == 1 ? "" : "s");
  }
}
