package io.dlion.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be checked of the documents without reading them. */
class DocumentsTest {
  private static final int WIDTH_MAX = 120;
  private static final int PERFORMANCE_LINES_MAX = 150;

  /** Two screens of 50 lines. */
  private static final int README_LINES_MAX = 100;

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern CORE_CLASS =
      Pattern.compile("`([a-z]+(?:\\.[a-z]+)*\\.[A-Z][A-Za-z]*)");
  private static final Pattern TEST_CLASS = Pattern.compile("`([A-Z][A-Za-z]*Test)`");

  private final Path root =
      Path.of(Objects.requireNonNull(System.getProperty("dlion.root"), "dlion.root"));

  @Test
  void linesFitIntoAWindow() throws IOException {
    List<String> tooWide = new ArrayList<>();
    for (Path document : documents()) {
      List<String> lines = Files.readAllLines(document);
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).codePointCount(0, lines.get(i).length()) > WIDTH_MAX) {
          tooWide.add(root.relativize(document) + ":" + (i + 1));
        }
      }
    }
    assertThat(tooWide).as("lines of more than %d characters", WIDTH_MAX).isEmpty();
  }

  @Test
  void readmeAndPerformanceAreShort() throws IOException {
    assertThat(Files.readAllLines(root.resolve("README.md"))).hasSizeLessThan(README_LINES_MAX);
    assertThat(Files.readAllLines(root.resolve("docs/PERFORMANCE.md")))
        .hasSizeLessThan(PERFORMANCE_LINES_MAX);
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path document : documents()) {
      for (String link : all(LINK, Files.readString(document))) {
        if (!link.contains("://") && !leads(document, link)) {
          broken.add(root.relativize(document) + ": " + link);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private boolean leads(Path document, String link) throws IOException {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target = file.isEmpty() ? document : document.resolveSibling(file);
    return Files.exists(target) && (hash < 0 || anchors(target).contains(link.substring(hash + 1)));
  }

  /** The anchors that a heading gets where Markdown is shown. */
  private static Set<String> anchors(Path document) throws IOException {
    return all(HEADING, Files.readString(document)).stream()
        .map(heading ->
            heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @Test
  void thePaperMapNamesClassesAndTestsThatExist() throws IOException {
    String map = Files.readString(root.resolve("docs/PAPER_MAP.md"));
    Path core = root.resolve("core/src/main/java/io/dlion/core");
    Set<String> tests =
        Sources.all().stream().map(f -> f.getFileName().toString()).collect(Collectors.toSet());
    assertThat(all(CORE_CLASS, map))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(core.resolve(name.replace('.', '/') + ".java")).exists());
    assertThat(all(TEST_CLASS, map))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(tests).contains(name + ".java"));
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult r) -> r.group(1)).toList();
  }

  private List<Path> documents() throws IOException {
    List<Path> found = new ArrayList<>();
    found.add(root.resolve("README.md"));
    found.add(root.resolve("CHANGELOG.md"));
    for (String folder : List.of("docs", "experiments")) {
      try (Stream<Path> files = Files.walk(root.resolve(folder))) {
        files.filter(f -> f.toString().endsWith(".md")).sorted().forEach(found::add);
      }
    }
    return found;
  }
}
