package io.dlion.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Seeded;
import io.dlion.core.optimizer.MomentumTest;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class BlocksTest {
  private static final float[] NOT_FINITE = {
    Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY
  };

  @Test
  void oneValueThatIsNotFiniteIsFoundWhereverItIs() {
    int block = Blocks.BLOCK;
    for (int size : new int[] {1, 2, block - 1, block, block + 1, 2 * block, 2 * block + 7}) {
      float[] values = new float[size];
      for (int at : new int[] {0, size / 2, Math.min(size - 1, block), size - 1}) {
        for (float bad : NOT_FINITE) {
          values[at] = bad;
          assertThat(Blocks.allFinite(MemorySegment.ofArray(values), size))
              .as("%s at %d of %d", bad, at, size)
              .isFalse();
        }
        values[at] = Float.MAX_VALUE;
      }
      assertThat(Blocks.allFinite(MemorySegment.ofArray(values), size)).isTrue();
    }
    assertThat(Blocks.allFinite(MemorySegment.ofArray(new float[0]), 0)).isTrue();
  }

  @Test
  void extremeFiniteValuesAreFinite() {
    float[] values = {Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, -0f, 0f};
    assertThat(Blocks.allFinite(MemorySegment.ofArray(values), values.length)).isTrue();
  }

  @Test
  void blendMovesWeightsByTheirShareOfTheDifference() {
    // 1 − 0.75·(1 − 5) = 4
    float[] weights = {1, -2};
    Blocks.blend(
        MemorySegment.ofArray(weights), MemorySegment.ofArray(new float[] {5, -2}), 2, 0.75f);
    assertThat(weights).containsExactly(4, -2);
  }

  @Test
  void blendReadsWeightsAtAnyAddress() {
    Seeded.check(
        20,
        random -> {
          int size = MomentumTest.sizeAroundBlocks(random);
          float[] weights = MomentumTest.normal(random, size);
          float[] other = MomentumTest.normal(random, size);
          float[] before = weights.clone();
          MemorySegment odd = MemorySegment.ofArray(new byte[4 * size + 3]).asSlice(3);
          odd.copyFrom(MemorySegment.ofArray(other));
          Blocks.blend(MemorySegment.ofArray(weights), odd, size, 0.3f);
          for (int i = 0; i < size; i++) {
            assertThat(weights[i]).isCloseTo(0.7f * before[i] + 0.3f * other[i], within(1e-5f));
          }
        });
  }

  @Test
  void sumsOfScaledBuffersCoverEveryElementOnce() {
    Seeded.check(
        20,
        random -> {
          int size = MomentumTest.sizeAroundBlocks(random);
          float[] from = MomentumTest.normal(random, size);
          float[] to = MomentumTest.normal(random, size);
          float[] before = to.clone();
          Blocks.addScaled(MemorySegment.ofArray(from), 2f, to);
          for (int i = 0; i < size; i++) {
            assertThat(to[i]).isEqualTo(before[i] + 2f * from[i]);
          }
        });
  }
}
