package io.dlion.data.recognise;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.settings.Nearest;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.generated.DriftingAddress;
import io.dlion.data.generated.DriftingTable;
import io.dlion.data.generated.GeneratedTables;
import io.dlion.data.generated.GeneratedText;
import io.dlion.data.generated.ShapeImages;
import io.dlion.data.generated.VibrationSeries;
import io.dlion.data.preprocessing.DataKind;
import io.dlion.data.preprocessing.ImagePreprocessing;
import io.dlion.data.preprocessing.Mismatch;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.preprocessing.TablePreprocessing;
import io.dlion.data.preprocessing.TextPreprocessing;
import io.dlion.data.table.JudgedTables;
import io.dlion.data.text.TextFile;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The data sets that need no files, by name. */
enum Generated {
  SHAPES(
      "shapes",
      "6,000 + 1,000 grey images 28×28 of 10 drawn shapes among clutter and noise",
      DataKind.IMAGES),
  SHAPES_RGB("shapes-rgb", "6,000 + 1,000 colour images 32×32 of the same shapes", DataKind.IMAGES),
  BLOBS("blobs", "3,000 + 600 rows of 8 numbers in clouds, 5 classes", DataKind.TABLE),
  WAVES(
      "waves",
      "3,000 + 600 rows of 8 numbers, a sum of waves to predict (regression)",
      DataKind.TABLE),
  VIBRATION(
      "vibration",
      "3,000 + 600 series of 100 numbers, of a machine at one of 10 speeds",
      DataKind.TABLE),
  DRIFTING(
      "drifting",
      "3,000 + 600 rows of 20 numbers, 5 classes; as a stream, classes change",
      DataKind.TABLE),
  TEXT(
      "text",
      "200,000 characters of a small grammar, for next-character prediction",
      DataKind.TEXT);

  private final String name;
  private final String line;
  private final DataKind kind;

  Generated(String name, String line, DataKind kind) {
    this.name = name;
    this.line = line;
    this.kind = kind;
  }

  private DataSet make(String fullName, DataOptions options) {
    return switch (this) {
      case SHAPES -> ShapeImages.grey(fullName, options.seed()).dataSet(options);
      case SHAPES_RGB -> ShapeImages.colour(fullName, options.seed()).dataSet(options);
      case BLOBS -> GeneratedTables.blobs(fullName, options.seed()).dataSet(options);
      case WAVES -> GeneratedTables.waves(fullName, options.seed()).dataSet(options);
      case VIBRATION -> new VibrationSeries(fullName, options.seed()).dataSet(options);
      case DRIFTING -> new DriftingTable(fullName, options.seed()).dataSet(options);
      case TEXT -> GeneratedText.dataSet(fullName, options);
    };
  }

  private DataSet judged(String fullName, long seed, Preprocessing preprocessing) {
    return switch (this) {
      case SHAPES -> images(fullName, ShapeImages.grey(fullName, seed), preprocessing);
      case SHAPES_RGB -> images(fullName, ShapeImages.colour(fullName, seed), preprocessing);
      case BLOBS -> table(fullName, GeneratedTables.blobs(fullName, seed).test(), preprocessing);
      case WAVES -> table(fullName, GeneratedTables.waves(fullName, seed).test(), preprocessing);
      case VIBRATION -> table(fullName, new VibrationSeries(fullName, seed).test(), preprocessing);
      case DRIFTING -> table(fullName, new DriftingTable(fullName, seed).test(), preprocessing);
      case TEXT -> {
        if (preprocessing instanceof TextPreprocessing text) {
          yield TextFile.judged(
              fullName, fullName, GeneratedText.text(seed), GeneratedText.source(seed), text);
        }
        throw Mismatch.of(fullName, preprocessing, "a text");
      }
    };
  }

  private static DataSet images(String fullName, ShapeImages made, Preprocessing preprocessing) {
    if (preprocessing instanceof ImagePreprocessing images) {
      return made.test().dataSet(fullName, fullName, images);
    }
    throw Mismatch.of(fullName, preprocessing, "images");
  }

  private static DataSet table(
      String fullName, GeneratedTables.Tested tested, Preprocessing preprocessing) {
    if (preprocessing instanceof TablePreprocessing table) {
      return JudgedTables.generated(
          fullName, tested.table(), tested.schema(), tested.window(), tested.source(), table);
    }
    throw Mismatch.of(fullName, preprocessing, "a table");
  }

  static DataSet named(String name, DataOptions options, AskedKind asked) {
    Generated found = find(name);
    String fullName = found.fullName();
    if (!asked.allows(found.kind)) {
      throw asked.refused(fullName, AskedKind.name(found.kind));
    }
    List<String> ofFiles = AskedKind.ofTables(options);
    if (!ofFiles.isEmpty()) {
      throw new UserError(
          Phrase.of(
              "%s: %s: a generated table is what it is, the option is for files; leave it out",
              fullName, String.join(", ", ofFiles)));
    }
    return found.make(fullName, options);
  }

  /** The part of a generated data set by which a model is judged. */
  static DataSet judged(String name, DataOptions options, Preprocessing preprocessing) {
    Generated found = find(name);
    return found.judged(found.fullName(), options.seed(), preprocessing);
  }

  private String fullName() {
    return "generated:" + name;
  }

  private static Generated find(String name) {
    if (DriftingAddress.is("generated:" + name)) {
      DriftingAddress.parse("generated:" + name); // The stream's; mistakes in it are told at once.
      return DRIFTING;
    }
    for (Generated g : values()) {
      if (g.name.equals(name)) {
        return g;
      }
    }
    List<String> names = List.copyOf(lines().keySet());
    throw new UserError(
        Phrase.of(
            "generated:%s: no such generated data set, there are %s%s",
            name, String.join(", ", names), Nearest.hint(name, names)));
  }

  static Map<String, String> lines() {
    Map<String, String> lines = new LinkedHashMap<>();
    Arrays.stream(values()).forEach(g -> lines.put(g.name, g.line));
    return Collections.unmodifiableMap(lines);
  }
}
