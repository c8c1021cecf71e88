package io.dlion.engine;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.settings.Nearest;
import java.util.List;

/** The one table of built-in models. */
public final class Models {
  private static final ExampleShape GREY_28 = images(1, 28);
  private static final ExampleShape RGB_32 = images(3, 32);
  private static final ExampleShape TEXT = new ExampleShape(List.of(64), Kind.NEXT_SYMBOL, 96);

  private static final ExampleShape SERIES =
      new ExampleShape(List.of(100, 1), Kind.CLASSIFICATION, 10);

  private record Entry(
      String name,
      String meaning,
      Architecture architecture,
      String typicalInput,
      ExampleShape typical) {}

  private static final List<Entry> ENTRIES =
      List.of(
          new Entry(
              "logistic",
              "logistic regression; linear regression for real targets",
              new Perceptron("Logistic", List.of()),
              "28×28 grey",
              GREY_28),
          new Entry(
              "svm",
              "linear support vector machine: squared hinge loss, one class against the rest",
              new LinearSvm(),
              "28×28 grey",
              GREY_28),
          new Entry(
              "cnn-small",
              "two convolutions 8-16, each pooled, and a hidden layer of 32: for quick experiments",
              new PlainConvolutional("CnnSmall", List.of(List.of(8), List.of(16)), 32),
              "28×28 grey",
              GREY_28),
          new Entry(
              "lstm",
              "LSTM of 128 over the rows of a sequence, its last state to a linear layer",
              new SequenceLstm(128),
              "100 steps of 1 number",
              SERIES),
          new Entry(
              "mlp",
              "two hidden layers of 256 and 128",
              new Perceptron("Mlp", List.of(256, 128)),
              "28×28 grey",
              GREY_28),
          new Entry(
              "cnn",
              "three convolutions 32-64-128, each pooled, and a hidden layer of 200",
              new PlainConvolutional("Cnn", List.of(List.of(32), List.of(64), List.of(128)), 200),
              "28×28 grey",
              GREY_28),
          new Entry(
              "cipher",
              "four convolutions 32-32-64-64 and a hidden layer of 512",
              new PlainConvolutional("Cipher", List.of(List.of(32, 32), List.of(64, 64)), 512),
              "32×32 RGB",
              RGB_32),
          new Entry(
              "mobilenet",
              "MobileNetV1 for small images: depthwise separable convolutions, batch norm",
              new MobileNet(),
              "32×32 RGB",
              RGB_32),
          new Entry(
              "resnet18",
              "ResNet-18 for small images: residual blocks, batch norm",
              new ResNet(),
              "32×32 RGB",
              RGB_32),
          new Entry(
              "char-lstm",
              "embedding of 64, LSTM of 256: predicts the next character",
              new CharacterLstm(64, 256),
              "text of 96 different characters",
              TEXT));

  private Models() {}

  /**
   * A built-in model, for a list of them.
   *
   * @param name what {@code --model} takes
   * @param meaning one line
   * @param parameters how many there are for the typical input and 10 classes
   * @param typicalInput the input that {@code parameters} is for
   * @param takes what inputs it works with
   */
  public record Model(
      String name, String meaning, int parameters, String typicalInput, String takes) {}

  /** All built-in models, the smallest first. Does not load libtorch. */
  public static List<Model> all() {
    return ENTRIES.stream().map(Models::describe).toList();
  }

  private static Model describe(Entry e) {
    int parameters = e.architecture.network(e.typical).parameterLayout().elements();
    return new Model(e.name, e.meaning, parameters, e.typicalInput, e.architecture.takes());
  }

  /** The model of a name for such examples; errors as {@link ModelSpec#builtIn}. */
  static BuiltInSource source(String name, ExampleShape shape) {
    Architecture architecture = find(name);
    if (!architecture.fits(shape)) {
      throw new UserError(
          Phrase.of(
              "model '%s' takes %s; found %s%s",
              name, architecture.takes(), describe(shape), alternatives(shape)));
    }
    return new BuiltInSource(architecture.network(shape), architecture.task(shape));
  }

  private static Architecture find(String name) {
    List<String> names = ENTRIES.stream().map(Entry::name).toList();
    return ENTRIES.stream()
        .filter(e -> e.name.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new UserError(
                Phrase.of(
                    "unknown model '%s': expected one of %s, or a TorchScript file%s",
                    name, String.join(", ", names), Nearest.hint(name, names))))
        .architecture;
  }

  private static String describe(ExampleShape shape) {
    List<Integer> in = shape.input();
    if (shape.kind() == Kind.NEXT_SYMBOL) {
      return "text";
    }
    if (shape.isSequence()) {
      return Phrase.of("sequences of %d rows of %d numbers", in.get(0), in.get(1));
    }
    return shape.isImage()
        ? Phrase.of("images of %d×%d pixels", in.get(2), in.get(1))
        : "rows of " + shape.inputElements() + " numbers";
  }

  private static String alternatives(ExampleShape shape) {
    List<String> fitting =
        ENTRIES.stream().filter(e -> e.architecture.fits(shape)).map(Entry::name).toList();
    return "; use " + String.join(" or ", fitting);
  }

  private static ExampleShape images(int channels, int side) {
    return new ExampleShape(List.of(channels, side, side), Kind.CLASSIFICATION, 10);
  }
}
