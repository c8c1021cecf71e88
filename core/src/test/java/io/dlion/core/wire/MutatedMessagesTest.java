package io.dlion.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Damaged gradients, their checksum made right again so that every check behind it is reached: each
 * is refused, or is valid and stays within the model.
 */
class MutatedMessagesTest {
  private static final int SEEDS = 2500;
  private static final int MUTATIONS = 100;
  private static final long ALLOCATION_MAX = 1_000_000; // first use of classes included

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private int valid;
  private int refused;

  @Test
  void areRefusedOrValidAndNothingElse() {
    Seeded.check(SEEDS, this::mutateOne);
    assertThat(valid).as("some damage only changes values").isGreaterThan(SEEDS);
    assertThat(refused).as("most is noticed").isGreaterThan(SEEDS * MUTATIONS / 4);
  }

  private void mutateOne(SplittableRandom random) throws MalformedMessageException {
    ParameterLayout layout = smallLayout(random);
    float[] values = Layouts.normal(layout, random);
    ValueFormat format = ValueFormat.values()[random.nextInt(3)];
    Payload original =
        new GradientWriter(format, 1)
            .write(
                Selections.random(layout, values, random),
                new Selections.Remembering(values),
                GradientMessageTest.HEADER,
                Buffers.FRESH);
    GradientMessage.parse(original, layout);
    for (int i = 0; i < MUTATIONS; i++) {
      Payload mutated = mutated(original, random);
      Frame.seal(mutated.bytes(), mutated.length(), MessageType.GRADIENT, layout.fingerprint());
      Frame.open(mutated, layout.fingerprint());
      float[] first = apply(mutated, layout);
      Arrays.fill(mutated.bytes(), mutated.length(), mutated.bytes().length, (byte) 0x55);
      if (!Arrays.equals(apply(mutated, layout), first)) {
        throw new AssertionError("bytes behind the end matter");
      }
    }
  }

  private static ParameterLayout smallLayout(SplittableRandom random) {
    int[] counts = new int[1 + random.nextInt(4)];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = 1 + random.nextInt(random.nextBoolean() ? 20 : 600);
    }
    return Layouts.of(counts);
  }

  /** A damaged copy with rubbish behind its end. */
  private static Payload mutated(Payload original, SplittableRandom random) {
    byte[] b = new byte[original.length() + 64];
    random.nextBytes(b);
    System.arraycopy(original.bytes(), 0, b, 0, original.length());
    int length = original.length();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      int at = Frame.BYTES + random.nextInt(original.length() - Frame.BYTES);
      switch (random.nextInt(5)) {
        case 0 -> b[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> b[at] = (byte) random.nextInt();
        case 2 -> Arrays.fill(b, at, Math.min(at + 5, original.length()), (byte) 0xff);
        case 3 -> length = Frame.BYTES + random.nextInt(original.length() - Frame.BYTES);
        default -> length = original.length() + random.nextInt(64);
      }
    }
    return new Payload(b, length);
  }

  /** The update of a valid message, or null for one that is refused. */
  private float @Nullable [] apply(Payload payload, ParameterLayout layout) {
    float[] update = new float[layout.size()];
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      GradientMessage message = GradientMessage.parse(payload, layout);
      message.addTo(update, 1);
      assertThat(message.entries()).isBetween(0L, (long) layout.elements());
      valid++;
    } catch (MalformedMessageException e) {
      refused++;
      return null;
    } finally {
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(ALLOCATION_MAX);
    }
    int gap = 0;
    for (Variable v : layout.variables()) {
      for (int i = gap; i < v.offset(); i++) {
        if (update[i] != 0) {
          throw new AssertionError("written outside of the variables, at " + i);
        }
      }
      gap = v.end();
    }
    return update;
  }
}
