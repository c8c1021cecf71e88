package io.dlion.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.layout.ParameterLayout;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GlobalModelMessageTest {
  private static final ParameterLayout LAYOUT = Layouts.of(100, 7);
  private static final ParameterLayout BUFFERS = Layouts.of(3);
  private static final CommitPlan PLAN = new CommitPlan(0, 3_000_000, 1_000_000, 6, 32);
  private static final GlobalModelMessage.About ABOUT =
      new GlobalModelMessage.About(2, 5, 3, true, PLAN);

  private static Payload encode(GlobalModelMessage.About about, long version, long samples) {
    return encode(about, version, samples, Layouts.normal(BUFFERS, new SplittableRandom(1)));
  }

  private static Payload encode(
      GlobalModelMessage.About about, long version, long samples, float[] buffers) {
    return GlobalModelMessage.encode(
        new GradientWriter(ValueFormat.FP32, 1),
        Selections.whole(LAYOUT),
        new Selections.Remembering(Layouts.normal(LAYOUT, new SplittableRandom(2))),
        version,
        samples,
        about,
        MemorySegment.ofArray(buffers),
        Buffers.FRESH);
  }

  private static GlobalModelMessage open(Payload payload) throws MalformedMessageException {
    assertThat(Frame.open(payload, LAYOUT.fingerprint())).isEqualTo(MessageType.MODEL);
    return GlobalModelMessage.parse(payload, LAYOUT, BUFFERS);
  }

  private static void assertRefused(Payload payload) {
    assertThatThrownBy(() -> open(payload)).isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void whatIsInAModelComesBackAsTheSenderWasTold() {
    Seeded.check(
        30,
        random -> {
          ParameterLayout layout = Layouts.random(random);
          ParameterLayout buffers = random.nextBoolean() ? Layouts.random(random) : Layouts.of();
          float[] statistics = Layouts.normal(buffers, random);
          for (ValueFormat format : ValueFormat.values()) {
            Selections.Remembering source =
                new Selections.Remembering(Layouts.normal(layout, random));
            Payload payload =
                GlobalModelMessage.encode(
                    new GradientWriter(format, 1),
                    Selections.whole(layout),
                    source,
                    7,
                    192,
                    ABOUT,
                    MemorySegment.ofArray(statistics),
                    Buffers.FRESH);
            assertThat(payload.length())
                .isLessThanOrEqualTo(GlobalModelMessage.sizeMax(layout, buffers));
            Frame.open(payload, layout.fingerprint());
            GlobalModelMessage message = GlobalModelMessage.parse(payload, layout, buffers);
            assertThat(message.version()).isEqualTo(7);
            assertThat(message.samples()).isEqualTo(192);
            assertThat(message.about()).isEqualTo(ABOUT);
            assertThat(message.buffers().mismatch(MemorySegment.ofArray(statistics))).isEqualTo(-1);
            float[] found = new float[layout.size()];
            message.values().addTo(found, 1);
            assertThat(found).isEqualTo(source.sent);
          }
        });
  }

  @Test
  void theInitialModelCanBeSent() throws MalformedMessageException {
    GlobalModelMessage message =
        open(encode(new GlobalModelMessage.About(1, 0, 0, false, PLAN), 0, 0));
    assertThat(message.version()).isZero();
    assertThat(message.samples()).isZero();
    assertThat(message.about().last()).isFalse();
  }

  @Test
  void absurdNumbersAreRefused() {
    assertRefused(encode(ABOUT, -1, 192));
    assertRefused(encode(ABOUT, (1L << 48) + 1, 192));
    assertRefused(encode(ABOUT, 7, -1));
    assertRefused(encode(ABOUT, 7, Long.MAX_VALUE - 1));
    for (GlobalModelMessage.About about :
        new GlobalModelMessage.About[] {
          new GlobalModelMessage.About(-1, 5, 3, false, PLAN),
          new GlobalModelMessage.About(Long.MAX_VALUE, 5, 3, false, PLAN),
          new GlobalModelMessage.About(2, -1, 3, false, PLAN),
          new GlobalModelMessage.About(2, 5, -1, false, PLAN),
          new GlobalModelMessage.About(2, 5, Long.MAX_VALUE, false, PLAN),
          new GlobalModelMessage.About(2, 5, 3, false, CommitPlan.afterSteps(0, 1)),
          new GlobalModelMessage.About(2, 5, 3, false, CommitPlan.afterSteps(1, 0)),
          new GlobalModelMessage.About(2, 5, 3, false, new CommitPlan(0, -1, 0, 0, 1))
        }) {
      assertRefused(encode(about, 7, 192));
    }
  }

  @Test
  void whetherItIsTheLastIsOneBit() {
    Payload payload = encode(ABOUT, 7, 192);
    int at = payload.length() - (int) BUFFERS.bytes() - GlobalModelMessage.About.BYTES + 24;
    assertThat(payload.bytes()[at]).isEqualTo((byte) 1);
    for (byte bad : new byte[] {2, -1, 127}) {
      payload.bytes()[at] = bad;
      Frame.seal(payload.bytes(), payload.length(), MessageType.MODEL, LAYOUT.fingerprint());
      assertRefused(payload);
    }
  }

  @Test
  void buffersThatAreNotFiniteAndCutMessagesAreRefused() {
    float[] buffers = new float[BUFFERS.size()];
    buffers[1] = Float.NaN;
    assertThatThrownBy(() -> open(encode(ABOUT, 7, 192, buffers)))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("buffer that is not finite");
    Payload payload = encode(ABOUT, 7, 192);
    for (int length = Frame.BYTES; length < payload.length(); length++) {
      byte[] cut = Arrays.copyOf(payload.bytes(), length);
      Frame.seal(cut, length, MessageType.MODEL, LAYOUT.fingerprint());
      assertRefused(new Payload(cut, cut.length));
    }
  }
}
