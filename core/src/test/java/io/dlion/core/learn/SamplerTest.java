package io.dlion.core.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.Seeded;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
  @Test
  void everyExampleComesOnceInEveryEpoch() {
    Seeded.check(
        50,
        random -> {
          int count = 1 + random.nextInt(40);
          Sampler sampler = new Sampler(count, random.nextLong());
          for (long epoch = 0; epoch < 3; epoch++) {
            int[] rows = new int[count];
            sampler.draw(epoch * count, count, rows);
            Arrays.sort(rows);
            assertThat(rows).isEqualTo(IntStream.range(0, count).toArray());
          }
        });
  }

  @Test
  void batchesDoNotDependOnHowTheyAreCut() {
    Seeded.check(
        50,
        random -> {
          int count = 1 + random.nextInt(40);
          long seed = random.nextLong();
          int[] whole = new int[200];
          new Sampler(count, seed).draw(7, 200, whole);
          Sampler cut = new Sampler(count, seed);
          for (int at = 0; at < 200; ) {
            int size = Math.min(200 - at, 1 + random.nextInt(60));
            int[] part = new int[size];
            cut.draw(7 + at, size, part);
            assertThat(part).isEqualTo(Arrays.copyOfRange(whole, at, at + size));
            at += size;
          }
        });
  }

  @Test
  void aWorkerWithoutExamplesHasASamplerThatDrawsNothing() {
    Sampler empty = new Sampler(0, 1);
    int[] rows = new int[1];
    empty.draw(0, 0, rows);
    assertThatThrownBy(() -> empty.draw(0, 1, rows)).hasMessage("no examples to draw from");
  }

  @Test
  void epochsAndSeedsHaveOrdersOfTheirOwn() {
    int[] first = new int[100];
    int[] second = new int[100];
    int[] other = new int[100];
    new Sampler(100, 1).draw(0, 100, first);
    new Sampler(100, 1).draw(100, 100, second);
    new Sampler(100, 2).draw(0, 100, other);
    assertThat(first).isNotEqualTo(second).isNotEqualTo(other);
  }
}
