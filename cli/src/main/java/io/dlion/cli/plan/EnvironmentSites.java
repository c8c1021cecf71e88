package io.dlion.cli.plan;

import io.dlion.core.Phrase;
import io.dlion.emulator.environment.Environments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Sites as an environment describes them.
 *
 * @param nameOrFile of the environment
 */
record EnvironmentSites(String nameOrFile) implements SiteSource {
  @Override
  public Sites sites() throws IOException {
    boolean isName = Environments.names().contains(nameOrFile);
    return new Sites(
        Environments.find(nameOrFile),
        (isName ? "environment " : "environment file ") + nameOrFile,
        isName ? nameOrFile : identity(Path.of(nameOrFile)),
        List.of(),
        Optional.empty());
  }

  /** The file's name does not say what stands in it. */
  static String identity(Path file) throws IOException {
    CRC32 sum = new CRC32();
    sum.update(Files.readAllBytes(file));
    return Phrase.of("%s, checksum %08x", file.getFileName(), sum.getValue());
  }
}
