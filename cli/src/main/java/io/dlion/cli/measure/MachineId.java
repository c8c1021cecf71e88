package io.dlion.cli.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * Which machine this process is on: 32 hexadecimal digits, the same for all processes of one
 * kernel, containers included. They are a hash, and change when the machine starts again.
 */
final class MachineId {
  private static final int DIGITS = 32;

  /** The kernel's is the same in all containers; the other one is where there is no Linux. */
  private static final List<Path> SOURCES =
      List.of(Path.of("/proc/sys/kernel/random/boot_id"), Path.of("/etc/machine-id"));

  private MachineId() {}

  /** Where nothing tells, it is another one for each call: then no two share a machine. */
  static String here() {
    for (Path source : SOURCES) {
      try {
        String text = Files.readString(source, StandardCharsets.UTF_8).strip();
        if (!text.isEmpty()) {
          return hash(text);
        }
      } catch (IOException e) {
        // The next one may be there.
      }
    }
    return hash(UUID.randomUUID().toString());
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(("dlion " + text).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
