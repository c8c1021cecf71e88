package io.dlion.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Phrase;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Examples;
import io.dlion.data.recognise.DataSets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeneratedTest {
  private static DataSet open(String name, long seed) {
    return DataSets.open("generated:" + name, DataOptions.defaults().withSeed(seed));
  }

  /** The hashes were taken once; they hold on every machine, or results are not comparable. */
  @ParameterizedTest
  @CsvSource({
    "shapes, 6000+1000-b029911db56e346b",
    "shapes-rgb, 6000+1000-89d557ba4649a4cb",
    "blobs, 3000+600-7e8a520d72415776",
    "waves, 3000+600-a69ab17caa312ae9",
    "vibration, 3000+600-956865100edc5892",
    "drifting, 3000+600-5141e225ef9bacea",
    "text, 2812+312-487b28504fc0a616"
  })
  void isTheSameBitForBitEverywhere(String name, String fingerprint) {
    assertThat(open(name, 1).fingerprint()).isEqualTo(fingerprint);
    assertThat(open(name, 2).fingerprint()).isNotEqualTo(fingerprint);
  }

  @Test
  void everyListedNameOpensAsItsLineSays() {
    DataSets.generated()
        .forEach((name, line) -> {
          DataSet set = open(name, 3);
          assertThat(set.name()).isEqualTo("generated:" + name);
          assertThat(line).isNotBlank();
          if (set.train().shape().kind() != Kind.NEXT_SYMBOL) {
            assertThat(line)
                .startsWith(Phrase.of("%,d + %,d", set.train().count(), set.test().count()));
          }
        });
  }

  @Test
  void classesAreEquallyFrequent() {
    Examples train = open("shapes", 1).train();
    for (int c = 0; c < 10; c++) {
      int label = c;
      assertThat(IntStream.range(0, train.count()).filter(r -> train.label(r) == label).count())
          .isEqualTo(600);
    }
  }

  @Test
  void aLinearModelFailsOnVibrations() {
    DataSet vibration = open("vibration", 1);
    double accuracy = LinearModel.train(vibration.train(), 5).accuracy(vibration.test());
    assertThat(accuracy).isLessThan(0.3);
  }

  @Test
  void aLinearModelOfShapesIsFarFromPerfect() {
    DataSet shapes = open("shapes", 1);
    double accuracy = LinearModel.train(shapes.train(), 2).accuracy(shapes.test());
    assertThat(accuracy).isBetween(0.3, 0.6);
  }
}
