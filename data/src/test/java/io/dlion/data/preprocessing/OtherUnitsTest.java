package io.dlion.data.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Phrase;
import io.dlion.data.DataOptions;
import io.dlion.data.recognise.DataSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherUnitsTest {
  @TempDir Path folder;

  /** Weather around 12 °C: temperature, wind, a flag for rain, and what is to be predicted. */
  private Preprocessing weather(
      String header, long seed, DoubleUnaryOperator temperature, DoubleUnaryOperator label)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder text = new StringBuilder(header + "\n");
    for (int i = 0; i < 500; i++) {
      double celsius = 12 + 7 * random.nextGaussian();
      double power = 3 + random.nextGaussian();
      text.append(
          header
              .replace("temperature", Phrase.of("%.4f", temperature.applyAsDouble(celsius)))
              .replace("wind", Phrase.of("%.4f", 5 + 2 * random.nextGaussian()))
              .replace("rain", random.nextInt(5) == 0 ? "1" : "0")
              .replace("power", Phrase.of("%.4f", label.applyAsDouble(power))));
      text.append('\n');
    }
    Path file = Files.writeString(folder.resolve("weather" + seed + ".csv"), text);
    return DataSets.open(file.toString(), DataOptions.defaults().withLabel("power"))
        .preprocessing();
  }

  private static Optional<String> suspected(Preprocessing here, Preprocessing there) {
    return OtherUnits.suspected(here, there, "here", "at rome");
  }

  @Test
  void fahrenheitBesideCelsiusIsSuspectedWhateverTheOrderOfColumns() throws IOException {
    Preprocessing oslo = weather("temperature,wind,rain,power", 1, c -> c, p -> p);
    Preprocessing rome = weather("power,rain,wind,temperature", 2, c -> 32 + 1.8 * c, p -> p);
    assertThat(suspected(oslo, rome).orElseThrow())
        .matches(
            "column 'temperature': mean 1[12]\\.\\d+ here, 5[2-4]\\.\\d+ at rome: other units\\?");
  }

  @Test
  void aLabelInOtherUnitsIsSuspectedToo() throws IOException {
    Preprocessing kilowatts = weather("temperature,wind,rain,power", 1, c -> c, p -> p);
    Preprocessing watts = weather("temperature,wind,rain,power", 2, c -> c, p -> 1000 * p);
    assertThat(suspected(kilowatts, watts).orElseThrow())
        .startsWith("column 'power': mean ")
        .doesNotContain("temperature");
  }

  @Test
  void aColderPlaceIsNotSuspected() throws IOException {
    Preprocessing oslo = weather("temperature,wind,rain,power", 1, c -> c - 8, p -> p);
    Preprocessing rome = weather("temperature,wind,rain,power", 2, c -> c + 8, p -> 1.5 * p);
    assertThat(suspected(oslo, rome)).isEmpty();
    assertThat(suspected(oslo, oslo)).isEmpty();
  }

  @Test
  void whatIsNoTableHasNoUnits() throws IOException {
    Path text = Files.writeString(folder.resolve("a.txt"), "Once upon a time. ".repeat(99));
    Preprocessing words = DataSets.open(text + "", DataOptions.defaults()).preprocessing();
    assertThat(suspected(words, words)).isEmpty();
  }
}
