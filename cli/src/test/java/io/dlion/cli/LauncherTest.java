package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher script in a copied tree, with a Java and a Maven that only say what they were told.
 */
class LauncherTest {
  private static final List<String> TOOLS =
      List.of(
          "awk",
          "cat",
          "dirname",
          "find",
          "grep",
          "head",
          "ls",
          "mkdir",
          "mv",
          "readlink",
          "rm",
          "sed",
          "sleep",
          "touch",
          "tr",
          "uname");

  @TempDir private Path temp;
  private Path root;
  private Path bin;
  private Path elsewhere;
  private Path deployed;

  /** What a launch printed, and its exit code. */
  private record Outcome(int code, List<String> out, List<String> err) {}

  @BeforeEach
  void copyTree() throws IOException {
    Path original = Path.of(Objects.requireNonNull(System.getProperty("dlion.root")));
    temp = temp.toRealPath();
    root = Files.createDirectories(temp.resolve("a checkout"));
    bin = Files.createDirectories(temp.resolve("bin"));
    elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
    deployed = original.resolve("deploy/dlion.sh");
    Files.copy(
        original.resolve("dlion"), root.resolve("dlion"), StandardCopyOption.COPY_ATTRIBUTES);
    for (String file : List.of("pom.xml", "cli/pom.xml", "cli/src/main/Main.java")) {
      Path path = root.resolve(file);
      Files.createDirectories(path.getParent());
      Files.createFile(path);
    }
    for (String tool : TOOLS) {
      script(bin.resolve(tool), "exec " + which(tool) + " \"$@\"");
    }
    jdk("jdk-25", "25.0.1");
    script(bin.resolve("mvn"), "echo built >>\"$PWD/builds\"; mkdir -p cli/target/app");
    age(root);
  }

  private static Path which(String tool) {
    return List.of("/bin", "/usr/bin").stream()
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  private Path jdk(String name, String version) throws IOException {
    return jdk(name, version, "");
  }

  private Path jdk(String name, String version, String first) throws IOException {
    Path home = Files.createDirectories(temp.resolve(name));
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(
        home.resolve("bin/java"),
        first + "\necho " + name + "; pwd; for argument in \"$@\"; do echo \"$argument\"; done");
    return home;
  }

  private static void script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Makes all sources an hour old. */
  private static void age(Path folder) throws IOException {
    FileTime then = FileTime.from(Instant.now().minusSeconds(3600));
    try (var files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, then);
      }
    }
  }

  private Process start(Path command, Map<String, String> environment, String... args)
      throws IOException {
    List<String> line = new ArrayList<>(List.of(command.toString()));
    line.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(line).directory(elsewhere.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    builder.environment().put("HOME", temp.toString());
    builder.environment().put("DLION_JAVA_HOME", temp.resolve("jdk-25").toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  private static Outcome outcome(Process process) throws IOException, InterruptedException {
    List<String> out = process.inputReader(StandardCharsets.UTF_8).lines().toList();
    List<String> err = process.errorReader(StandardCharsets.UTF_8).lines().toList();
    return new Outcome(process.waitFor(), out, err);
  }

  private Outcome launch(Map<String, String> environment, String... args)
      throws IOException, InterruptedException {
    return outcome(start(root.resolve("dlion"), environment, args));
  }

  private int builds() throws IOException {
    Path builds = root.resolve("builds");
    return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
  }

  @Test
  void buildsOnFirstUseAndAgainOnlyWhenSourcesAreNewer() throws Exception {
    assertThat(launch(Map.of()).err())
        .containsExactly("Building DLion (first use, about a minute) …");
    assertThat(launch(Map.of()).err()).isEmpty();
    assertThat(builds()).isEqualTo(1);
    Files.setLastModifiedTime(
        root.resolve("cli/target/dlion.stamp"), FileTime.from(Instant.now().minusSeconds(1800)));
    assertThat(launch(Map.of()).err()).isEmpty();
    Files.writeString(root.resolve("cli/src/main/Main.java"), "changed");
    assertThat(launch(Map.of()).err()).containsExactly("Building DLion (sources have changed) …");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void buildsAgainWhenAnEnvironmentIsNewer() throws Exception {
    Path file = root.resolve("environments/mine.yaml");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
    age(root);
    launch(Map.of());
    assertThat(launch(Map.of()).err()).isEmpty();
    Files.setLastModifiedTime(
        root.resolve("cli/target/dlion.stamp"), FileTime.from(Instant.now().minusSeconds(1800)));
    Files.writeString(file, "changed");
    assertThat(launch(Map.of()).err()).containsExactly("Building DLion (sources have changed) …");
  }

  @Test
  void runsInTheCallersFolderWithTheCallersArguments() throws Exception {
    Path link = Files.createSymbolicLink(temp.resolve("link"), Path.of("a checkout/dlion"));
    Path linkToLink = Files.createSymbolicLink(elsewhere.resolve("dlion"), link);
    Process process =
        start(linkToLink, Map.of("DLION_JAVA_OPTS", "-Xmx1g -Da=b"), "train", "two words", "*", "");
    Outcome outcome = outcome(process);
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).startsWith("jdk-25", elsewhere.toString());
    assertThat(outcome.out())
        .containsSequence("-Xmx1g", "-Da=b", "-cp", root + "/cli/target/app/*")
        .endsWith("io.dlion.cli.Main", "train", "two words", "*", "")
        .contains("--enable-native-access=ALL-UNNAMED");
  }

  @Test
  void remembersWhatWasRehearsedUntilTheNextBuild() throws Exception {
    String cache = root.resolve("cli/target/dlion.aot").toString();
    assertThat(launch(Map.of(), "train").out()).noneMatch(line -> line.contains("AOTCache"));
    assertThat(launch(Map.of(), "rehearse").err())
        .containsExactly(
            "dlion: the rehearsal failed; what was said is in "
                + root.resolve("cli/target/dlion-rehearsal.log"));
    jdk(
        "jdk-25",
        "25.0.1",
        "for a in \"$@\"; do case $a in -XX:AOTCacheOutput=*) : >\"${a#*=}\";; esac; done");
    assertThat(launch(Map.of(), "rehearse").out())
        .containsExactly("Rehearsing for half a minute …", "Later starts will be faster.");
    assertThat(launch(Map.of(), "train").out()).contains("-XX:AOTCache=" + cache);
    Files.writeString(root.resolve("cli/src/main/Main.java"), "changed");
    assertThat(launch(Map.of(), "train").out()).noneMatch(line -> line.contains("AOTCache"));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aPackageRunsItsOwnJavaAndRemembersWhatWasRehearsed() throws Exception {
    Path lib = Files.createDirectories(temp.resolve("a package/lib"));
    Path launcher = Files.createDirectories(temp.resolve("a package/bin")).resolve("dlion");
    Files.copy(deployed, launcher, StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(lib.resolve("platform"), "linux-" + machine() + "\n");
    Path app = Files.createDirectories(lib.resolve("app"));
    Files.writeString(app.resolve("dlion-b.jar"), "");
    Files.writeString(app.resolve("a.jar"), "");
    assertThat(outcome(start(launcher, Map.of())).err())
        .containsExactly(
            "dlion: no Java in "
                + lib.resolve("java")
                + ": the package is incomplete; unpack it again");

    Path java = jdk("own", "25").resolve("bin/java");
    Files.createDirectories(lib.resolve("java/bin"));
    Files.createSymbolicLink(lib.resolve("java/bin/java"), java);
    assertThat(outcome(start(launcher, Map.of(), "train")).out())
        .startsWith("own")
        .containsSequence("-cp", app + "/a.jar:" + app + "/dlion-b.jar:")
        .noneMatch(line -> line.contains("AOTCache"));
    assertThat(outcome(start(launcher, Map.of(), "rehearse")).err().getFirst())
        .startsWith("dlion: the rehearsal failed: own");
    jdk(
        "own",
        "25",
        "for a in \"$@\"; do case $a in *AOTCacheOutput=*) : >\"${a#*=}\";; esac; done");
    assertThat(outcome(start(launcher, Map.of(), "rehearse")).out())
        .containsExactly("Rehearsing for half a minute …", "Later starts will be faster.");
    assertThat(outcome(start(launcher, Map.of(), "train")).out())
        .contains("-XX:AOTCache=" + lib.resolve("dlion.aot"));
  }

  /** What {@code uname -m} says of this machine. */
  private static String machine() {
    String machine = System.getProperty("os.arch");
    return machine.equals("amd64") ? "x86_64" : machine;
  }

  @Test
  void tellsTheProgramHowItWasCalled() throws Exception {
    Files.createSymbolicLink(elsewhere.resolve("dlion"), root.resolve("dlion"));
    assertThat(outcome(start(Path.of("./dlion"), Map.of())).out())
        .contains("-Ddlion.command=./dlion");
    Files.createSymbolicLink(bin.resolve("dlion"), root.resolve("dlion"));
    assertThat(outcome(start(bin.resolve("dlion"), Map.of())).out())
        .contains("-Ddlion.command=dlion");
    Files.delete(bin.resolve("dlion"));
    assertThat(outcome(start(deployed, installed(Map.of()))).out())
        .contains("-Ddlion.command=" + deployed);
    Files.createSymbolicLink(bin.resolve("dlion"), deployed);
    assertThat(outcome(start(bin.resolve("dlion"), installed(Map.of()))).out())
        .contains("-Ddlion.command=dlion");
  }

  @Test
  void takesTheFirstJavaThatIsNewEnough() throws Exception {
    Path old = jdk("jdk-17", "17.0.15");
    Path newer = jdk("jdk-26", "26");
    Map<String, String> environment = Map.of("DLION_JAVA_HOME", "", "JAVA_HOME", newer.toString());
    assertThat(launch(environment).out()).startsWith("jdk-26");
    Files.createSymbolicLink(bin.resolve("java"), temp.resolve("jdk-25/bin/java"));
    environment = Map.of("DLION_JAVA_HOME", "", "JAVA_HOME", old.toString());
    assertThat(launch(environment).out()).startsWith("jdk-25");
  }

  /** What a launcher is to find: for deploy/dlion.sh a Java on the path and jars. */
  private Map<String, String> installed(Map<String, String> environment) throws IOException {
    String first =
        "case $1 in -version) echo 'openjdk version \"25\"'; exit ;; esac; echo locale=$LC_ALL";
    Path java = jdk("jdk-25", "25.0.1", first).resolve("bin/java");
    if (!Files.exists(bin.resolve("java"))) {
      Files.createSymbolicLink(bin.resolve("java"), java);
    }
    Path app = Files.createDirectories(temp.resolve("app"));
    Files.writeString(app.resolve("dlion-cli.jar"), "");
    Map<String, String> all = new HashMap<>(environment);
    all.put("DLION_APP", app.toString());
    return all;
  }

  /** The locales that both launchers give to Java. */
  private List<String> locales(Map<String, String> environment) throws Exception {
    List<String> found = new ArrayList<>();
    for (Path launcher : List.of(root.resolve("dlion"), deployed)) {
      Outcome outcome = outcome(start(launcher, installed(environment)));
      assertThat(outcome.code()).as("%s", outcome.err()).isZero();
      found.addAll(outcome.out().stream().filter(line -> line.startsWith("locale=")).toList());
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(strings = {"LC_ALL=xx_XX.UTF-8", "LC_ALL=POSIX", "LANG=C", "LC_CTYPE=de_DE", ""})
  void javaGetsALocaleWithUtf8WhateverTheCallers(String given) throws Exception {
    String[] pair = given.split("=", 2);
    assertThat(locales(given.isEmpty() ? Map.of() : Map.of(pair[0], pair[1])))
        .containsExactly("locale=C.UTF-8", "locale=C.UTF-8");
  }

  @Test
  void whereThereIsNoLocaleCOfUtf8AnotherOneIsFound() throws Exception {
    script(
        bin.resolve("locale"),
        "case $1 in -a) echo C; echo POSIX; echo fr_FR; echo fr_FR.utf8; exit ;; esac\n"
            + "case $LC_ALL in *_*.utf8 | nb_NO.UTF-8) echo UTF-8 ;; *) echo ANSI_X3.4-1968 ;; esac");
    assertThat(locales(Map.of("LC_ALL", "xx_XX.UTF-8")))
        .containsExactly("locale=fr_FR.utf8", "locale=fr_FR.utf8");
    assertThat(locales(Map.of("LANG", "nb_NO.UTF-8")))
        .as("the caller's own comes first")
        .containsExactly("locale=nb_NO.UTF-8", "locale=nb_NO.UTF-8");
  }

  @Test
  void saysWhereNoJavaWillDo() throws Exception {
    Path old = jdk("jdk-17", "17.0.15");
    Outcome outcome = launch(Map.of("DLION_JAVA_HOME", old.toString()));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .containsExactly(
            "dlion: DLION_JAVA_HOME="
                + old
                + ": no JDK 25 or later there (no bin/java of that"
                + " version)");
  }

  @Test
  void saysThatMavenIsMissing() throws Exception {
    Files.delete(bin.resolve("mvn"));
    Outcome outcome = launch(Map.of());
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).hasSize(1);
    assertThat(outcome.err().getFirst()).startsWith("dlion: needs Maven (mvn) to build itself");
  }

  @Test
  void showsWhyABuildFailedAndTriesAgainNextTime() throws Exception {
    script(bin.resolve("mvn"), "echo '[INFO] x'; echo '[ERROR] A.java:[1,2] wrong'; exit 1");
    Outcome outcome = launch(Map.of());
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .containsExactly(
            "Building DLion (first use, about a minute) …",
            "[ERROR] A.java:[1,2] wrong",
            "dlion: the build failed; the whole of Maven's output is in "
                + root.resolve("cli/target/dlion-build.log"));
    script(bin.resolve("mvn"), "echo built >>\"$PWD/builds\"");
    assertThat(launch(Map.of()).code()).isZero();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void twoFirstUsesAtOnceBuildOnce() throws Exception {
    script(
        bin.resolve("mvn"),
        "echo built >>\"$PWD/builds\"; until [ -e \"$PWD/go\" ]; do sleep 0.05; done");
    Process first = start(root.resolve("dlion"), Map.of());
    assertThat(line(first)).startsWith("Building DLion");
    Process second = start(root.resolve("dlion"), Map.of());
    assertThat(line(second))
        .isEqualTo("Waiting for process " + first.pid() + ", which is building DLion …");
    Files.createFile(root.resolve("go"));
    assertThat(outcome(first).code()).isZero();
    assertThat(outcome(second).code()).isZero();
    assertThat(builds()).isEqualTo(1);
  }

  private static String line(Process process) throws IOException {
    return new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))
        .readLine();
  }

  @Test
  void aLockWhoseOwnerIsGoneDoesNotHoldAnybodyUp() throws Exception {
    Path lock = Files.createDirectories(root.resolve("cli/target/dlion.lock"));
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.writeString(lock.resolve("pid"), gone.pid() + "\n");
    assertThat(launch(Map.of()).code()).isZero();
    assertThat(builds()).isEqualTo(1);
    assertThat(lock).doesNotExist();
  }
}
