package io.dlion.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.emulator.yaml.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JobFileErrorsTest {
  private static final KnownNames NAMES = new KnownNames(List.of("cnn", "mlp"), List.of("shapes"));

  static Stream<Arguments> badFiles() {
    return Stream.of(
        bad(
            "data: generated:shapes\nworkers: three\n",
            "job.yaml:2: workers: expected a whole number of at least 1, found \"three\""),
        bad(
            "hours: 22-06",
            "job.yaml:1: hours: expected hours of the day such as 22:00-06:00, several with commas,"
                + " found \"22-06\""),
        bad(
            "hours: [22:00-06:00, 25:00-26:00]",
            "job.yaml:1: hours: expected hours of the day such as 22:00-06:00, several with commas,"
                + " found \"25:00-26:00\""),
        bad(
            "window: 22:00-24:30",
            "job.yaml:1: window: expected hours of the day such as 22:00-06:00, several with commas,"
                + " found \"22:00-24:30\""),
        bad(
            "hours: 06:00-06:00",
            "job.yaml:1: hours: begins when it ends, found \"06:00-06:00\"; leave it out to train"
                + " at any hour"),
        bad(
            "preset: bsp\nserver: [w1, w2]",
            "job.yaml:2: server: expected the name of one worker (one serves, and another takes"
                + " over if it fails), found \"w1, w2\""),
        bad(
            "preset: bsp\nserver: {w1: 1}",
            "job.yaml:2: server: expected the name of one worker, found keys and values"),
        bad(
            "workers: 0",
            "job.yaml:1: workers: expected a whole number of at least 1, found \"0\""),
        bad(
            "workers: 513",
            "job.yaml:1: workers: expected a whole number of at most 512, found \"513\""),
        bad(
            "workers:",
            "job.yaml:1: workers: expected a whole number of at least 1, found nothing"),
        bad("workers: [3]", "job.yaml:1: workers: expected one value, found a list"),
        bad("workers: {n: 3}", "job.yaml:1: workers: expected one value, found keys and values"),
        bad("# x\n\nworkres: 3", "job.yaml:3: unknown key \"workres\"; did you mean 'workers'?"),
        bad("workers: 3\nseed: 1\nworkers: 4", "job.yaml:3: workers: given twice, first on line 1"),
        bad(
            "seed: 99999999999999999999",
            "job.yaml:1: seed: expected a whole number, found \"99999999999999999999\""),
        bad(
            "seed: 9999999999999999999",
            "job.yaml:1: seed: 9999999999999999999 is too large for a 64-bit number"),
        bad(
            "epochs: NaN",
            "job.yaml:1: epochs: expected a number above 0, at most 1000000, found \"NaN\""),
        bad(
            "time: 1.5h",
            "job.yaml:1: time: expected a time of at least 1 second such as 90, 60s, 5m or 1h30m,"
                + " found \"1.5h\""),
        bad(
            "target-accuracy: 90%",
            "job.yaml:1: target-accuracy: expected a number above 0, at most 1 (0.9 is 90 %),"
                + " found \"90%\""),
        bad(
            "link-mbit: 0",
            "job.yaml:1: link-mbit: expected a rate above 0 in Mbit/s, at most 1000000, found \"0\""),
        bad(
            "links:\n  w1-w2: 5\n  w1-w4: 5",
            "job.yaml:3: links.w1-w4: no worker is called \"w4\"; there are w1 to w3"),
        bad(
            "links: {w1: 5}",
            "job.yaml:1: links.w1: expected a pair such as w1-w2 (both ways) or w1>w2, found \"w1\""),
        bad("links: {w1-w1: 5}", "job.yaml:1: links.w1-w1: a worker has no link to itself"),
        bad("links:\n  w1-w2: 5\n  w2-w1: 6", "job.yaml:3: links.w2-w1: this pair is given twice"),
        bad(
            "slow: {w3: 0.5}",
            "job.yaml:1: slow.w3: expected a factor of at least 1 (4: four times slower), found"
                + " \"0.5\""),
        bad(
            "workers: 2\nslow:\n  w3: 2",
            "job.yaml:3: slow.w3: no worker is called \"w3\"; there are w1 and w2"),
        bad("slow: {w3: [1]}", "job.yaml:1: slow.w3: expected one value, found a list"),
        bad("slow: {w3: }", "job.yaml:1: slow.w3: expected a value, found nothing"),
        bad("slow: [w3]", "job.yaml:1: slow: expected keys and values, found a list"),
        bad(
            "shares: [1, 2]",
            "job.yaml:1: shares: expected 3 numbers, one for each worker, found 2"),
        bad(
            "shares:\n- 1\n- x\n- 1",
            "job.yaml:3: shares: expected numbers above 0, one per worker, found \"x\""),
        bad(
            "set:\n  batching:\n    initial: -3",
            "job.yaml:3: batching.initial=-3: expected auto | 1 to 65536"),
        bad(
            "set: {batching.initial: many}",
            "job.yaml:1: batching.initial=many: expected a whole number, auto | 1 to 65536"),
        bad(
            "set:\n  batching.intial: 3",
            "job.yaml:2: unknown setting 'batching.intial'; did you mean 'batching.initial'?"
                + " (dlion presets dlion lists them all)"),
        bad(
            "set:\n  batching.initial: 3\n  batching: {initial: 4}",
            "job.yaml:3: set.batching.initial: given twice, first on line 2"),
        bad(
            "preset: dlino",
            "job.yaml:1: unknown preset 'dlino'; did you mean 'dlion'?"
                + " (dlion presets lists them)"),
        bad(
            "model: cnm",
            "job.yaml:1: model: unknown model \"cnm\"; did you mean 'cnn'? (dlion models lists"
                + " them)"),
        bad(
            "data: generated:shape",
            "job.yaml:1: data: unknown generated data \"shape\"; did you mean 'shapes'? (there is"
                + " shapes)"),
        bad(
            "data: generated:shapes?rate=5",
            "job.yaml:1: data: generated data takes no parameters, found \"?rate=5\"; they are for"
                + " a stream: --stream 'generated:shapes?rate=5'"),
        bad("data: /no/such/place", "job.yaml:1: data: /no/such/place: no such file or folder"),
        bad(
            "partition: random",
            "job.yaml:1: unknown partition 'random': expected iid, dirichlet(ALPHA) or"
                + " by-label(SHARDS)"),
        bad(
            "name: ../x",
            "job.yaml:1: name: expected up to 64 letters, digits, dots, dashes or underscores,"
                + " found \"../x\""),
        bad("label: ''", "job.yaml:1: label: expected a value, found nothing"),
        bad("- workers", "job.yaml:1: expected lines such as \"workers: 3\", found a list"),
        bad("workers 3", "job.yaml:1: expected lines such as \"workers: 3\", found \"workers 3\""),
        bad(
            "workers: 3\n\tseed: 1",
            "job.yaml:2:1: not valid YAML: found character '\\t(TAB)' that cannot start any token."
                + " (Do not use \\t(TAB) for indentation)"),
        bad(
            "shares: [1, 2",
            "job.yaml:1:14: not valid YAML: expected ',' or ']', but got <stream end>"),
        bad("workers: 3\nname: a\0b", "job.yaml:2: not valid YAML: character U+0000"));
  }

  private static Arguments bad(String yaml, String message) {
    return Arguments.of(yaml, message);
  }

  @ParameterizedTest
  @MethodSource("badFiles")
  void namesFileLineAndKey(String yaml, String message) {
    assertThatThrownBy(() -> Resolver.resolve(JobFile.parse("job.yaml", yaml), NAMES))
        .isInstanceOf(UserError.class)
        .hasMessage(message);
  }

  @Test
  void listsTheKeysWhereNoneIsNear() {
    assertThatThrownBy(() -> JobFile.parse("job.yaml", "colour: red"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(
            "job.yaml:1: unknown key \"colour\"; the keys are data, stream, schema, kind, label, ");
  }

  @Test
  void refusesWhatIsNoTextFile(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("job.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff});
    assertThatThrownBy(() -> JobFile.read(file))
        .hasMessage("job file " + file + ": expected YAML in UTF-8, found other bytes");
    assertThatThrownBy(() -> JobFile.read(folder)).hasMessageContaining("is a folder");
    assertThatThrownBy(() -> JobFile.read(folder.resolve("x")))
        .hasMessage("job file " + folder.resolve("x") + ": no such file");
    Files.write(file, new byte[(int) YamlText.BYTES_MAX + 1]);
    assertThatThrownBy(() -> JobFile.read(file)).hasMessageContaining("at most 1 MiB");
  }

  @Test
  void survivesAnchorsThatContainThemselves() {
    assertThatThrownBy(() -> JobFile.parse("job.yaml", "set: &a\n  x: *a\n"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("job.yaml:2: set.x.x.x: expected one value");
  }

  @Test
  void everyMessageIsOneLine() {
    for (Arguments arguments : badFiles().toList()) {
      assertThat((String) arguments.get()[1]).doesNotContain("\n");
    }
  }
}
