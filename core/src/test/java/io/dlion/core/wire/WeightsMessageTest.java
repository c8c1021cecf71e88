package io.dlion.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.layout.ParameterLayout;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeightsMessageTest {
  /** An array longer than needed and full of rubbish, as from a pool. */
  private static final Buffers USED =
      size -> {
        byte[] b = new byte[size + 100];
        Arrays.fill(b, (byte) -1);
        return b;
      };

  @Test
  void whatIsInAModelComesBackAsItWas() {
    Seeded.check(
        50,
        random -> {
          ParameterLayout layout = Layouts.random(random);
          ParameterLayout buffers = random.nextBoolean() ? Layouts.random(random) : Layouts.of();
          float[] weights = Layouts.normal(layout, random);
          float[] statistics = Layouts.normal(buffers, random);
          float[] velocity = random.nextBoolean() ? Layouts.normal(layout, random) : new float[0];
          Payload payload = encode(layout, weights, buffers, statistics, velocity);
          assertThat(payload.length())
              .isEqualTo(WeightsMessage.size(layout, buffers) + 4 * velocity.length);
          assertThat(Frame.open(payload, layout.fingerprint())).isEqualTo(MessageType.WEIGHTS);
          WeightsMessage message = WeightsMessage.parse(payload, layout, buffers);
          assertThat(message.round()).isEqualTo(3);
          assertThat(message.iteration()).isEqualTo(299);
          assertThat(message.weights().mismatch(MemorySegment.ofArray(weights))).isEqualTo(-1);
          assertThat(message.buffers().mismatch(MemorySegment.ofArray(statistics))).isEqualTo(-1);
          assertThat(message.memory().mismatch(MemorySegment.ofArray(velocity))).isEqualTo(-1);
        });
  }

  private static Payload encode(
      ParameterLayout layout, float[] weights, ParameterLayout buffers, float[] statistics) {
    return encode(layout, weights, buffers, statistics, new float[0]);
  }

  private static Payload encode(
      ParameterLayout layout,
      float[] weights,
      ParameterLayout buffers,
      float[] statistics,
      float[] velocity) {
    return WeightsMessage.encode(
        3,
        299,
        layout,
        MemorySegment.ofArray(weights),
        buffers,
        MemorySegment.ofArray(statistics),
        velocity.length == 0 ? List.of() : List.of(MemorySegment.ofArray(velocity)),
        USED);
  }

  @Test
  void aModelOfAnotherSizeIsRefused() {
    ParameterLayout layout = Layouts.of(10);
    Payload payload = encode(layout, new float[16], Layouts.of(), new float[0]);
    assertThatThrownBy(() -> WeightsMessage.parse(payload, layout, Layouts.of(1)))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void oneValueThatIsNotFiniteIsRefusedWhereverItIs() {
    ParameterLayout layout = Layouts.of(4096 + 16);
    ParameterLayout buffers = Layouts.of(16);
    SplittableRandom random = new SplittableRandom(1);
    for (int at : new int[] {0, 4095, 4096, 4111, 4112, 4127, 4128, 8239}) {
      float[] weights = Layouts.normal(layout, random);
      float[] statistics = Layouts.normal(buffers, random);
      float[] velocity = Layouts.normal(layout, random);
      float[] where = at < 4112 ? weights : at < 4128 ? statistics : velocity;
      where[at < 4128 ? at % 4112 : at - 4128] = at % 2 == 0 ? Float.NaN : Float.NEGATIVE_INFINITY;
      Payload payload = encode(layout, weights, buffers, statistics, velocity);
      assertThatThrownBy(() -> WeightsMessage.parse(payload, layout, buffers))
          .as("at %d", at)
          .isInstanceOf(MalformedMessageException.class)
          .hasMessageContaining("not finite");
    }
  }

  @Test
  void impossibleCountsAreRefused() {
    ParameterLayout layout = Layouts.of(10);
    Payload payload = encode(layout, new float[16], Layouts.of(), new float[0]);
    Bytes.putLong(payload.bytes(), Frame.BYTES, -1);
    assertThatThrownBy(() -> WeightsMessage.parse(payload, layout, Layouts.of()))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void anOptimizerMayRememberTwoValuesOfEachWeightAndNoMore() {
    ParameterLayout layout = Layouts.of(10);
    MemorySegment values = MemorySegment.ofArray(Layouts.normal(layout, new SplittableRandom(1)));
    for (int count = 0; count <= 3; count++) {
      Payload payload =
          WeightsMessage.encode(
              3,
              299,
              layout,
              values,
              Layouts.of(),
              MemorySegment.ofArray(new float[0]),
              Collections.nCopies(count, values),
              USED);
      if (count <= 2) {
        assertThat(parse(payload, layout).memory().byteSize()).isEqualTo(count * layout.bytes());
        assertThat(payload.length())
            .isLessThanOrEqualTo(WeightsMessage.sizeMax(layout, Layouts.of()));
      } else {
        assertThatThrownBy(() -> WeightsMessage.parse(payload, layout, Layouts.of()))
            .isInstanceOf(MalformedMessageException.class);
      }
    }
  }

  private static WeightsMessage parse(Payload payload, ParameterLayout layout) {
    try {
      return WeightsMessage.parse(payload, layout, Layouts.of());
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }
}
