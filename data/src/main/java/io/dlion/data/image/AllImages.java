package io.dlion.data.image;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Does something with each of many images, on all cores. Images that cannot be read end the run, as
 * in torchvision and Keras: workers that leave out different images would not agree about the
 * examples. All of them are looked at first, so that they can be mended at once.
 */
final class AllImages {
  private static final int NAMED_MAX = 5;

  private AllImages() {}

  /**
   * @param action takes the number of an image
   * @throws UserError where the action throws such for some images: how many, and the first ones
   */
  static void forEach(int count, IntConsumer action) {
    List<UserError> errors =
        IntStream.range(0, count)
            .parallel()
            .mapToObj(i -> attempt(action, i))
            .flatMap(Optional::stream)
            .toList();
    if (errors.size() == 1) {
      throw errors.getFirst();
    }
    if (!errors.isEmpty()) {
      String first =
          errors.stream()
              .limit(NAMED_MAX)
              .map(UserError::getMessage)
              .collect(Collectors.joining("; "));
      throw new UserError(
          Phrase.of(
              "%,d of %,d images cannot be read; mend them or remove them. %s: %s",
              errors.size(),
              count,
              errors.size() > NAMED_MAX ? "The first " + NAMED_MAX : "They are",
              first),
          errors.getFirst());
    }
  }

  private static Optional<UserError> attempt(IntConsumer action, int number) {
    try {
      action.accept(number);
      return Optional.empty();
    } catch (UserError e) {
      return Optional.of(e);
    }
  }
}
