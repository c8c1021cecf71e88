package io.dlion.cli.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dlion.cli.Main;
import io.dlion.cli.pack.Scripts.Outcome;
import io.dlion.cluster.line.FreePort;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** Packages are made, and run where there is no Java: from a folder, and in a bare Debian. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PackageTest {
  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("dlion.root")));

  /** All that the launcher takes from a system. */
  private static final List<String> TOOLS =
      List.of("cat", "dirname", "grep", "locale", "ls", "readlink", "tr", "uname");

  private static final List<String> SHELL = List.of("/bin/sh", "-euc");

  @TempDir private static Path temp;
  private static FutureTask<BareDebian> debian;
  private static List<Made> made;
  private static Path tree;
  private static Path bin;

  @TempDir private Path folder;

  @BeforeAll
  static void makePackages() throws IOException, InterruptedException {
    Path written = ROOT.resolve("cli/target/program.classpath");
    assumeTrue(Files.exists(written), "Maven has not written " + written);
    debian = new FutureTask<>(() -> BareDebian.make(temp.resolve("debian")));
    Thread.ofPlatform().daemon().start(debian); // takes as long as the package
    Packaging packaging =
        new Packaging("1.2-test", Platform.here(), new Checkout(ROOT), jars(written));
    boolean deb = Files.isExecutable(Path.of("/usr/bin/dpkg-deb"));
    made = packaging.make(temp.resolve("dist"), deb);
    Path unpacked = Files.createDirectories(temp.resolve("another place"));
    Tools.run("tar", "-xzf", made.getFirst().file().toString(), "-C", unpacked.toString());
    tree = unpacked.resolve("dlion-1.2-test-" + Platform.here());
    bin = Files.createDirectories(temp.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("dlion"), tree.resolve("bin/dlion"));
    for (String tool : TOOLS) {
      script(bin.resolve(tool), "PATH=/usr/bin:/bin exec " + tool + " \"$@\"");
    }
  }

  @AfterAll
  static void clear() throws IOException {
    // Links in a Debian seem to lead out of the folder, and JUnit would warn of each.
    Path root = temp.resolve("debian");
    if (Files.exists(root)) {
      Trees.delete(root);
    }
  }

  private static void script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** The libraries of the program, and the classes of this module. */
  private static ProgramJars jars(Path written) throws IOException {
    List<Path> entries = new ArrayList<>();
    entries.add(Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().getPath()));
    Stream.of(Files.readString(written).strip().split(File.pathSeparator, -1))
        .map(Path::of)
        .forEach(entries::add);
    return new ProgramJars(entries);
  }

  @BeforeEach
  void images() throws IOException {
    for (int i = 0; i < 8; i++) {
      BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
      image.setRGB(i, i, 0xffffff);
      Path photo = folder.resolve("photos/" + "xy".charAt(i % 2) + "/" + i + ".jpg");
      Files.createDirectories(photo.getParent());
      ImageIO.write(image, "jpg", photo.toFile());
    }
  }

  private Outcome outcome(String script) throws IOException, InterruptedException {
    String home = Objects.requireNonNullElse(System.getenv("HOME"), "/tmp");
    Map<String, String> environment = Map.of("PATH", bin.toString(), "HOME", home);
    return Scripts.outcome(SHELL, script, folder, environment);
  }

  private String run(String script) throws IOException, InterruptedException {
    Outcome outcome = outcome(script);
    assertThat(outcome.code()).as("%s%n%s", script, outcome.said()).isZero();
    return outcome.said();
  }

  @Test
  void commandsRunFromAFolderWithoutAJavaOnThePath() throws Exception {
    assertThat(outcome("java -version").code()).isEqualTo(127);
    assertThat(run("dlion --version; dlion --help; dlion presets; dlion models"))
        .contains("DLion", "Java 25", "Commands", "baseline", "resnet18");
    assertThat(run("dlion data photos")).contains("8×8 pixels, colour", "7 to learn from");
    assertThat(run("dlion train --data photos --model logistic --workers 2 --epochs 2"))
        .contains("saved model", "dlion evaluate runs/");
    assertThat(run("dlion evaluate runs/latest; dlion export runs/latest --output model.pt"))
        .contains("accuracy", "wrote model.pt");
    assertThat(
            run(
                "dlion emulate --environment scale-4 --budget 2s --model logistic --no-ideal;"
                    + " dlion chart runs/latest"))
        .contains("report.html", "accuracy.svg");
    assertThat(run("dlion check --seeds 2")).contains("2 schedules");
  }

  @Test
  void twoWorkersTrainWithCertificates() throws Exception {
    String seed = "127.0.0.1:" + FreePort.next();
    String other = "127.0.0.1:" + FreePort.next();
    String both =
        " --seeds " + seed + " --min-workers 2 --threads 1 --model logistic --epochs 1 --certs ";
    assertThat(
            run(
                "trap 'kill $! 2>/dev/null || true' EXIT;" // if the other one fails
                    + " dlion certs init --dir certs;"
                    + " dlion certs issue a --dir certs;"
                    + " dlion certs issue b --dir certs;"
                    + (" dlion worker --name a --shard 1/2 --out a --bind " + seed)
                    + (both + "certs/a &")
                    + (" dlion worker --name b --shard 2/2 --out b --bind " + other)
                    + (both + "certs/b; wait $!")))
        .contains("saved model");
    assertThat(folder.resolve("a/latest/result.json")).exists();
    assertThat(folder.resolve("b/latest/result.json")).exists();
  }

  @Test
  void mistakesAreOneLine() throws Exception {
    Outcome misused = outcome("dlion --bogus");
    assertThat(misused.code()).isEqualTo(2);
    assertThat(misused.said().lines()).hasSize(1);
    Outcome again = outcome("dlion package");
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.said().lines()).singleElement().asString().contains("a source checkout");
  }

  @Test
  void onAnotherMachineTheLauncherSaysSo() throws Exception {
    Path other = Files.createDirectories(folder.resolve("other"));
    script(other.resolve("uname"), "case $1 in -s) echo Linux;; *) echo riscv64;; esac");
    Outcome outcome = outcome("PATH=other:$PATH; dlion train");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.said())
        .isEqualTo(
            "dlion: this package is for %s and this machine is linux-riscv64: make one there, with"
                    .formatted(Platform.here())
                + " ./dlion package in a checkout\n");
  }

  @Test
  void anArchiveTellsWhatItIs() throws Exception {
    Made archive = made.getFirst();
    assertThat(archive.file().getFileName())
        .hasToString("dlion-1.2-test-" + Platform.here() + ".tar.gz");
    Outcome sum =
        Scripts.outcome(
            SHELL, "sha256sum '" + archive.file() + "'", folder, Map.of("PATH", "/usr/bin:/bin"));
    assertThat(sum.said()).startsWith(archive.sha256() + " ");
    assertThat(archive.bytes()).isEqualTo(Files.size(archive.file()));
    try (Stream<Path> left = Files.list(temp.resolve("dist"))) {
      assertThat(left).as("nothing is left of the work").hasSize(made.size());
    }
  }

  @Test
  void aBareDebianInstallsRunsAndRemovesThePackage() throws Exception {
    assumeTrue(made.size() > 1, "no dpkg-deb here");
    BareDebian bare = bareDebian();
    Files.copy(made.get(1).file(), bare.root().resolve("root/dlion.deb"));
    assertThat(
            bare.run(
                """
                command -v java && exit 1
                dpkg -i /root/dlion.deb
                dlion --version
                id dlion
                ls /usr/lib/systemd/system/dlion-worker@.service
                test -d /etc/dlion
                find /etc/systemd -name '*dlion*'
                """))
        .contains("DLion", "uid=", "dlion-worker@.service")
        .doesNotContain("/etc/systemd/");
    // As the service does: not root, with a home that is not there.
    assertThat(
            bare.run(
                """
                mkdir /tmp/work
                chown dlion /tmp/work
                cd /tmp/work
                export HOME=/nonexistent DLION_NATIVE_CACHE=/tmp/work/cache
                setpriv --reuid dlion --regid dlion --clear-groups \\
                  dlion train --model logistic --workers 2 --epochs 1
                rm -r /tmp/work
                """))
        .contains("saved model");
    assertThat(
            bare.run(
                """
                dpkg -r dlion
                test ! -e /opt/dlion
                test ! -e /usr/bin/dlion
                dpkg -P dlion
                id dlion && exit 1
                find / -xdev -name '*dlion*' -not -path '/root/*'
                """))
        .doesNotContain("/");
  }

  @Test
  void aDebianRefusesThePackageOfAnotherMachine() throws Exception {
    assumeTrue(made.size() > 1, "no dpkg-deb here");
    BareDebian bare = bareDebian();
    Path small = folder.resolve("small");
    Files.createDirectories(small.resolve("bin"));
    Files.writeString(small.resolve("bin/dlion"), "");
    DebianPackage other = new DebianPackage("1.0", new Platform("linux", "s390x"));
    assertThat(other.fileName()).isEqualTo("dlion_1.0_s390x.deb");
    other.make(
        small,
        new Checkout(ROOT),
        Files.createDirectory(folder.resolve("staging")),
        bare.root().resolve("root/other.deb"));
    Outcome outcome = bare.outcome("dpkg -i /root/other.deb");
    assertThat(outcome.code()).isNotZero();
    assertThat(outcome.said()).contains("package architecture (s390x) does not match system");
  }

  private static BareDebian bareDebian() throws InterruptedException {
    try {
      return debian.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TestAbortedException skipped) {
        throw skipped;
      }
      throw new AssertionError(e.getCause());
    }
  }
}
