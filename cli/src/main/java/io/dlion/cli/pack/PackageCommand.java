package io.dlion.cli.pack;

import io.dlion.cli.console.Console;
import io.dlion.cli.console.Interruption;
import io.dlion.cli.console.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dlion package}. */
@Command(
    name = "package",
    description = {
      "Make one file of this program and a Java runtime, for machines with neither Java nor Maven.",
      "",
      "dlion-VERSION-PLATFORM.tar.gz: unpack it anywhere, start bin/dlion. Made in a source checkout"
          + " with a JDK, in about half a minute."
    },
    sortOptions = false,
    footerHeading = "%nExamples%n",
    footer = {
      "  ./dlion package --output dist --deb",
      "        then, on another machine: apt install ./dlion_VERSION_amd64.deb"
    })
public final class PackageCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "The folder to put it in. Default: this one.")
  private Path output = Path.of(".");

  @Option(
      names = "--deb",
      description =
          "A package for Debian and Ubuntu, too, with a unit of systemd. Needs dpkg-deb, not root.")
  private boolean deb;

  @Option(
      names = "--platform",
      paramLabel = "PLATFORM",
      description = "What it is for, such as linux-x86_64. Only this machine's own can be made.")
  private @Nullable String platform;

  /** The command. */
  public PackageCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Platform here = Platform.here();
    here.requireMakes(platform == null ? here.toString() : platform);
    Packaging packaging =
        new Packaging(
            Version.current().version(),
            here,
            Checkout.ofThisProgram(),
            ProgramJars.ofThisProgram());
    console.err().println("Making a package, about half a minute …");
    Thread maker = Thread.currentThread();
    try (Interruption interruption = new Interruption()) {
      interruption.then(maker::interrupt);
      for (Made made : packaging.make(output, deb)) {
        console.out().println(made);
      }
      return 0;
    } catch (InterruptedException e) {
      console.err().println("Stopped; no package was made");
      return CommandLine.ExitCode.SOFTWARE;
    }
  }
}
