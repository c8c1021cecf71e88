package io.dlion.data.recognise;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.ClassList;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.JudgedPart;
import io.dlion.data.file.Folder;
import io.dlion.data.image.CifarFiles;
import io.dlion.data.image.IdxFiles;
import io.dlion.data.image.ImageFolder;
import io.dlion.data.image.JudgedImages;
import io.dlion.data.preprocessing.DataKind;
import io.dlion.data.preprocessing.ImagePreprocessing;
import io.dlion.data.preprocessing.Mismatch;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.preprocessing.TablePreprocessing;
import io.dlion.data.preprocessing.TextPreprocessing;
import io.dlion.data.table.CsvData;
import io.dlion.data.table.JudgedTables;
import io.dlion.data.table.TableFolder;
import io.dlion.data.text.TextFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens data sets: recognises what lies at a place, or generates one. Thread safe. */
public final class DataSets {
  private static final String GENERATED = "generated:";

  private DataSets() {}

  /**
   * Opens a data set: a folder of MNIST-style IDX files, of CIFAR-10 binary batches, of images in a
   * folder per class, of tables ({@code train.csv}, {@code test.csv}) or with a text ({@code
   * input.txt}); a table or a text file; or {@code generated:NAME}. Where the files have no test
   * set, a tenth is held out and the description says so.
   *
   * @throws UserError where nothing lies there, nothing that is recognised, or something damaged
   */
  public static DataSet open(String location, DataOptions options) {
    DataSet set = openPart(location, options);
    set.preprocessing().requireTwoClasses(location);
    return set;
  }

  /**
   * Opens a data set of which other places have other parts, as {@link #open} does. It may have
   * examples of one class only.
   */
  public static DataSet openPart(String location, DataOptions options) {
    List<String> classes = classes(location, options);
    DataSet set = read(location, options.withClasses(classes));
    GivenClasses.requireEffect(location, classes, set.preprocessing());
    return set;
  }

  /**
   * The names of all classes where they are given: by the options, or in the {@value
   * ClassList#FILE} of a folder. None where they are those of the data.
   */
  public static List<String> classes(String location, DataOptions options) {
    return !options.classes().isEmpty() || location.startsWith(GENERATED)
        ? options.classes()
        : ClassList.in(Path.of(location));
  }

  private static DataSet read(String location, DataOptions options) {
    AskedKind asked = AskedKind.of(options);
    if (location.startsWith(GENERATED)) {
      return Generated.named(location.substring(GENERATED.length()), options, asked);
    }
    Path path = Path.of(location);
    String name = Folder.name(path.toAbsolutePath().normalize());
    if (Files.isDirectory(path)) {
      return folder(name, Folder.list(path).without(ClassList.FILE), options, asked);
    }
    if (Files.isRegularFile(path)) {
      return file(name, path, options, asked);
    }
    throw nothingAt(location);
  }

  private static UserError nothingAt(String location) {
    return new UserError(
        Phrase.of(
            "%s: no such file or folder; for data without files there are %s",
            location, GENERATED + String.join(", " + GENERATED, generated().keySet())));
  }

  /**
   * Opens data to judge a trained model by, in any of the forms that {@link #open} knows, and
   * encodes it as the model's training data was: normalised by the same means and deviations, with
   * the same classes, columns, words and vocabulary.
   *
   * @param options how tables are written, as far as that is not to be recognised; and the seed of
   *     generated data
   * @return a data set without examples to learn from, whose {@code test()} is the test split of
   *     the data where it has one, else all of it; the description says which
   * @throws UserError where nothing lies there, or something that the model cannot be asked about:
   *     images of another size, unknown classes, missing columns, unknown words or symbols
   */
  public static DataSet openFor(String location, DataOptions options, Preprocessing preprocessing) {
    DataKind kind = preprocessing.dataKind();
    AskedKind asked = AskedKind.of(options);
    if (!asked.allows(kind)) {
      throw asked.refused(location, "a model that was trained on " + AskedKind.name(kind));
    }
    if (location.startsWith(GENERATED)) {
      return Generated.judged(location.substring(GENERATED.length()), options, preprocessing);
    }
    Path path = Path.of(location);
    if (!Files.exists(path)) {
      throw nothingAt(location);
    }
    String name = Folder.name(path.toAbsolutePath().normalize());
    Optional<Folder> folder =
        Files.isDirectory(path)
            ? Optional.of(Folder.list(path).without(ClassList.FILE))
            : Optional.empty();
    return switch (preprocessing) {
      case ImagePreprocessing images ->
          JudgedImages.read(
              name,
              folder.orElseThrow(() -> Mismatch.of(location, preprocessing, "a single file")),
              images);
      case TablePreprocessing table ->
          folder
              .map(f -> CsvData.judged(name, f, options, table))
              .orElseGet(
                  () -> JudgedTables.read(name, List.of(path), JudgedPart.ALL, options, table));
      case TextPreprocessing text -> {
        Path file =
            folder
                .map(f -> text(f).orElseThrow(() -> Mismatch.of(location, text, "none")))
                .orElse(path);
        yield TextFile.judged(name, file.toString(), TextFile.decode(file), TextFile.PLAIN, text);
      }
    };
  }

  private static DataSet file(String name, Path file, DataOptions options, AskedKind asked) {
    if (asked.is(DataKind.IMAGES)) {
      throw asked.refused(file.toString(), "a single file; images lie in a folder for each class");
    }
    if (asked.is(DataKind.TABLE)
        || (asked.allows(DataKind.TABLE) && TableFolder.isTable(file, options))) {
      return CsvData.read(name, file, options);
    }
    if (asked.is(DataKind.TEXT) || Folder.hasExtension(file, List.of("txt", "text", "md"))) {
      return TextFile.read(name, file, options);
    }
    throw new UserError(
        Phrase.of(
            "%s: expected a table (.csv, .tsv, .data, .txt) or a text (.txt), or a folder; found neither; --kind table or --kind text decides",
            file));
  }

  private static DataSet folder(String name, Folder folder, DataOptions options, AskedKind asked) {
    Optional<DataSet> found = Optional.empty();
    if (asked.allows(DataKind.IMAGES)) {
      found = images(name, folder, options);
    }
    if (found.isEmpty() && asked.allows(DataKind.TABLE)) {
      found = table(name, folder, options, asked);
    }
    if (found.isEmpty() && asked.allows(DataKind.TEXT)) {
      found = text(folder).map(file -> TextFile.read(name, file, options));
    }
    return found.orElseThrow(() -> nothingIn(folder, asked));
  }

  private static Optional<DataSet> images(String name, Folder folder, DataOptions options) {
    if (IdxFiles.isIn(folder)) {
      return Optional.of(IdxFiles.read(name, folder, options));
    }
    Optional<Path> cifar = CifarFiles.find(folder.path());
    if (cifar.isPresent()) {
      return Optional.of(CifarFiles.read(name, cifar.get(), options));
    }
    return ImageFolder.isIn(folder)
        ? Optional.of(ImageFolder.read(name, folder, options))
        : Optional.empty();
  }

  /** Tables; beside an {@code input.txt} only where a table is asked for or one is called train. */
  private static Optional<DataSet> table(
      String name, Folder folder, DataOptions options, AskedKind asked) {
    boolean textIsThere = folder.files().stream().anyMatch(f -> Folder.name(f).equals("input.txt"));
    if (textIsThere && !asked.is(DataKind.TABLE) && !TableFolder.hasTrain(folder)) {
      return Optional.empty();
    }
    TableFolder tables = TableFolder.of(folder, options);
    return tables.train().isEmpty()
        ? Optional.empty()
        : Optional.of(CsvData.read(name, tables, options));
  }

  private static UserError nothingIn(Folder folder, AskedKind asked) {
    String images =
        "IDX files (train-images-idx3-ubyte[.gz], train-labels-idx1-ubyte[.gz]), CIFAR-10 binary (data_batch_1.bin), an image folder (train/CLASS/*.jpg or *.png)";
    String tables = "tables (train.csv, test.csv)";
    String texts = "a text (input.txt)";
    if (asked.kind().isPresent()) {
      String lookedFor =
          switch (asked.kind().get()) {
            case IMAGES -> images;
            case TABLE -> tables;
            case TEXT -> texts;
          };
      return asked.refused(folder.path().toString(), "none of: " + lookedFor);
    }
    return new UserError(
        Phrase.of("%s: found none of: %s, %s, %s", folder.path(), images, tables, texts));
  }

  private static Optional<Path> text(Folder folder) {
    List<Path> texts =
        folder.files().stream().filter(f -> Folder.hasExtension(f, List.of("txt"))).toList();
    return texts.stream()
        .filter(f -> Folder.name(f).equals("input.txt") || texts.size() == 1)
        .findFirst();
  }

  /** The generated data sets: their names without {@code generated:}, and a line each. */
  public static Map<String, String> generated() {
    return Generated.lines();
  }
}
