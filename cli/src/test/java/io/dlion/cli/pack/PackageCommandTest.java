package io.dlion.cli.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be packaged. */
class PackageCommandTest {
  private static final Platform LINUX = new Platform("linux", "x86_64");

  @TempDir private Path folder;

  private Packaging packaging(Path checkout) {
    return new Packaging("1.0", LINUX, new Checkout(checkout), new ProgramJars(List.of()));
  }

  @Test
  void aPackageIsMadeForThePlatformThatItIsMadeOn() {
    LINUX.requireMakes("linux-x86_64");
    assertThatExceptionOfType(UserError.class)
        .isThrownBy(() -> LINUX.requireMakes("linux-aarch64"))
        .withMessage(
            "--platform linux-aarch64: a package is made on the platform that it is for, and this"
                + " is linux-x86_64; make it there");
    assertThatExceptionOfType(UserError.class)
        .isThrownBy(() -> new Platform("macosx", "aarch64").requireMakes("macosx-aarch64"))
        .withMessage("a package is for Linux and made there, and this is macosx-aarch64");
  }

  @Test
  void debianHasNamesOfItsOwn() {
    assertThat(new DebianPackage("1.0-rc1", LINUX).fileName()).isEqualTo("dlion_1.0~rc1_amd64.deb");
    assertThat(new DebianPackage("2", new Platform("linux", "aarch64")).fileName())
        .isEqualTo("dlion_2_arm64.deb");
  }

  @Test
  void theOutputIsAFolder() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatExceptionOfType(UserError.class)
        .isThrownBy(() -> packaging(folder).make(file, false))
        .withMessage("--output " + file + ": expected a folder, found a file");
  }

  @Test
  void anIncompleteCheckoutLeavesNothing() throws IOException {
    Path output = folder.resolve("dist/new");
    assertThatExceptionOfType(UserError.class)
        .isThrownBy(() -> packaging(folder).make(output, false))
        .withMessage(
            folder.resolve("LICENSE") + ": not there; a package is made in a complete checkout");
    assertThat(output).isEmptyDirectory();
  }

  @Test
  void aToolThatIsNotThereIsNamed() {
    assertThatExceptionOfType(UserError.class)
        .isThrownBy(() -> Tools.run("dlion-has-no-such-tool"))
        .withMessage("needs dlion-has-no-such-tool and found none: install it");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Tools.run("sh", "-c", "echo why; echo it failed; exit 3"))
        .withMessage("sh failed with exit code 3: it failed");
    assertThatExceptionOfType(UserError.class)
        .isThrownBy(() -> Tools.jdk("jlink", List.of("--bogus")))
        .withMessageContaining("jlink of the Java in ")
        .withMessageEndingWith("; another JDK may do (DLION_JAVA_HOME)");
  }
}
