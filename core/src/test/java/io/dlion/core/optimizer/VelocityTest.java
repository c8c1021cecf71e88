package io.dlion.core.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Seeded;
import io.dlion.core.kernel.Blocks;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class VelocityTest {
  @Test
  void threeBatchesByHand() {
    // 4·1 = 4, 0.5·4 + 2·3 = 8, 0.5·8 + 1·(−2) = 2
    Velocity velocity = new Velocity(1, 0.5);
    float[] means = {1, 3, -2};
    int[] samples = {4, 2, 1};
    float[] expected = {4, 8, 2};
    for (int batch = 0; batch < 3; batch++) {
      velocity.add(MemorySegment.ofArray(new float[] {means[batch]}), samples[batch]);
      assertThat(floats(velocity)).containsExactly(expected[batch]);
    }
  }

  @Test
  void batchesOfAnySizeAddUpAsInDoublePrecision() {
    Seeded.check(
        40,
        random -> {
          int size = MomentumTest.sizeAroundBlocks(random);
          double momentum = random.nextInt(3) == 0 ? 0 : random.nextDouble();
          Velocity velocity = new Velocity(size, momentum);
          double[] expected = new double[size];
          double largest = 0;
          for (int step = 0; step < 10; step++) {
            int samples = 1 + random.nextInt(200);
            float[] gradient = MomentumTest.normal(random, size);
            float[] before = gradient.clone();
            velocity.add(MemorySegment.ofArray(gradient), samples);
            assertThat(gradient).isEqualTo(before);
            for (int i = 0; i < size; i++) {
              expected[i] = momentum * expected[i] + samples * (double) gradient[i];
              largest = Math.max(largest, Math.abs(expected[i]));
            }
          }
          float[] found = floats(velocity);
          for (int i = 0; i < size; i++) {
            assertThat((double) found[i])
                .as("value %d of %d, momentum %s", i, size, momentum)
                .isCloseTo(expected[i], within(1e-6 * largest));
          }
        });
  }

  @Test
  void everyElementCountsOnceAtTheBoundariesOfBlocks() {
    int block = Blocks.BLOCK;
    for (int size : new int[] {1, block - 1, block, block + 1, 2 * block, 2 * block + 1}) {
      Velocity velocity = new Velocity(size, 0.5);
      float[] gradient = new float[size];
      float[] expected = new float[size];
      for (int i = 0; i < size; i++) {
        gradient[i] = i;
        expected[i] = 6f * i; // 0.5·4·i + 4·i
      }
      velocity.add(MemorySegment.ofArray(gradient), 4);
      velocity.add(MemorySegment.ofArray(gradient), 4);
      assertThat(floats(velocity)).as("size %d", size).isEqualTo(expected);
    }
  }

  @Test
  void itStartsAtRestInMemoryThatStays() {
    Velocity velocity = new Velocity(3, 0.9);
    MemorySegment values = velocity.values();
    assertThat(floats(velocity)).containsExactly(0, 0, 0);
    velocity.add(MemorySegment.ofArray(new float[] {1, 2, 3}), 1);
    assertThat(velocity.values()).isSameAs(values);
    // Restored by writing into it: 0.9·10 + 2·1
    values.copyFrom(MemorySegment.ofArray(new float[] {10, 10, 10}));
    velocity.add(MemorySegment.ofArray(new float[] {1, 1, 1}), 2);
    assertThat(floats(velocity)).containsExactly(11, 11, 11);
  }

  private static float[] floats(Velocity velocity) {
    return (float[]) velocity.values().heapBase().orElseThrow();
  }
}
