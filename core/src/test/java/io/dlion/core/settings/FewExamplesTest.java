package io.dlion.core.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps on a handful of examples. */
final class FewExamplesTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "2, 2",
    "3, 3",
    "10, 10",
    "32, 32",
    "50, 50",
    "63, 63",
    "64, 64",
    "60000, 64"
  })
  void stepsAreSmallerTheFewerExamplesThereAre(long examples, double of64) {
    assertThat(FewExamples.share(examples)).isCloseTo(of64 / 64, Offset.offset(1e-12));
  }

  @Test
  void itIsSaidHowManyThereAreAndThatTrainingGoesOn() {
    assertThat(FewExamples.news(3))
        .hasValueSatisfying(
            news -> assertThat(news).contains("only 3 training examples", "goes on", "4.7 %"));
    assertThat(FewExamples.news(1))
        .hasValueSatisfying(news -> assertThat(news).contains("only 1 training example:"));
    assertThat(FewExamples.news(64)).isEmpty();
  }
}
