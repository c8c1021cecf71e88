package io.dlion.cli.job;

import io.dlion.core.UserError;
import io.dlion.core.settings.Nearest;
import io.dlion.stream.StreamAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Finds what {@code data} and {@code model} name: something built in, or something on disk. */
record Sources(KnownNames names) {
  private static final String GENERATED = "generated:";

  String data(Item item) {
    String text = item.text();
    if (!text.startsWith(GENERATED)) {
      Path path = path(item);
      if (!Files.exists(path)) {
        throw item.place()
            .error(
                path
                    + ": no such file or folder"
                    + Nearest.hint(
                        text, names.generated().stream().map(GENERATED::concat).toList()));
      }
      return path.toString();
    }
    String name = text.substring(GENERATED.length());
    int query = name.indexOf('?');
    if (query >= 0 && names.generated().contains(name.substring(0, query))) {
      throw item.place()
          .error(
              "generated data takes no parameters, found "
                  + Place.quoted(name.substring(query))
                  + "; they are for a stream: --stream '"
                  + text
                  + "'");
    }
    if (!names.generated().contains(name)) {
      throw item.place()
          .error(
              "unknown generated data "
                  + Place.quoted(name)
                  + Nearest.hint(name, names.generated())
                  + " (there is "
                  + String.join(", ", names.generated())
                  + ")");
    }
    return text;
  }

  /** An address of a stream; folders become absolute. */
  String stream(Item item) {
    try {
      return StreamAddress.parse(StreamJob.ofFirst(item.text())) instanceof StreamAddress.Folder
          ? path(item).toString()
          : item.text();
    } catch (UserError invalid) {
      throw item.place().wrap(invalid);
    }
  }

  String model(Item item) {
    if (item.text().equals(Job.AUTO_MODEL) || names.models().contains(item.text())) {
      return item.text();
    }
    boolean looksLikeFile = item.text().contains("/") || item.text().contains(".");
    Path path = path(item);
    if (Files.isRegularFile(path)) {
      return path.toString();
    }
    if (looksLikeFile) {
      throw item.place().error(path + ": no such file (expected a TorchScript file)");
    }
    throw item.place()
        .error(
            "unknown model "
                + Place.quoted(item.text())
                + Nearest.hint(item.text(), names.models())
                + " (dlion models lists them)");
  }

  private static Path path(Item item) {
    if (item.text().isEmpty()) {
      throw item.place().expected("a value", "");
    }
    try {
      return Path.of(item.text()).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new UserError(item.place() + ": no valid path: " + e.getReason(), e);
    }
  }
}
