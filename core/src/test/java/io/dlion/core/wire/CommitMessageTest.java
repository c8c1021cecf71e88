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

class CommitMessageTest {
  private static final ParameterLayout LAYOUT = Layouts.of(100, 7);
  private static final ParameterLayout BUFFERS = Layouts.of(3);
  private static final CommitMessage.About ABOUT = new CommitMessage.About(5, 1, 7, 2, 0.5, 0.25);

  private static Payload encode(
      CommitMessage.About about, float[] values, float[] buffers, long number) {
    return CommitMessage.encode(
        new GradientWriter(ValueFormat.FP32, 1),
        Selections.whole(LAYOUT),
        new Selections.Remembering(values),
        number,
        64,
        192,
        about,
        MemorySegment.ofArray(buffers),
        Buffers.FRESH);
  }

  private static CommitMessage open(Payload payload) throws MalformedMessageException {
    assertThat(Frame.open(payload, LAYOUT.fingerprint())).isEqualTo(MessageType.COMMIT);
    return CommitMessage.parse(payload, LAYOUT, BUFFERS);
  }

  private static void assertRefused(Payload payload, String why) {
    assertThatThrownBy(() -> open(payload))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining(why);
  }

  private static float[] normal(ParameterLayout layout) {
    return Layouts.normal(layout, new SplittableRandom(1));
  }

  @Test
  void whatIsInACommitComesBackAsTheSenderWasTold() {
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
                CommitMessage.encode(
                    new GradientWriter(format, 1),
                    Selections.whole(layout),
                    source,
                    3,
                    64,
                    192,
                    ABOUT,
                    MemorySegment.ofArray(statistics),
                    Buffers.FRESH);
            assertThat(payload.length())
                .isLessThanOrEqualTo(CommitMessage.sizeMax(layout, buffers));
            Frame.open(payload, layout.fingerprint());
            CommitMessage message = CommitMessage.parse(payload, layout, buffers);
            assertThat(message.number()).isEqualTo(3);
            assertThat(message.samples()).isEqualTo(64);
            assertThat(message.about()).isEqualTo(ABOUT);
            assertThat(message.buffers().mismatch(MemorySegment.ofArray(statistics))).isEqualTo(-1);
            float[] found = new float[layout.size()];
            message.values().addTo(found, 1);
            assertThat(found).isEqualTo(source.sent);
          }
        });
  }

  @Test
  void absurdNumbersAreRefused() {
    for (CommitMessage.About about :
        new CommitMessage.About[] {
          new CommitMessage.About(-1, 1, 7, 2, 0.5, 0.25),
          new CommitMessage.About(5, -1, 7, 2, 0.5, 0.25),
          new CommitMessage.About(5, Long.MAX_VALUE, 7, 2, 0.5, 0.25),
          new CommitMessage.About(5, 1, -1, 2, 0.5, 0.25),
          new CommitMessage.About(5, 1, (1L << 48) + 1, 2, 0.5, 0.25),
          new CommitMessage.About(5, 1, 7, 0, 0.5, 0.25),
          new CommitMessage.About(5, 1, 7, -3, 0.5, 0.25),
          new CommitMessage.About(5, 1, 7, 1_000_001, 0.5, 0.25),
          new CommitMessage.About(5, 1, 7, Integer.MAX_VALUE, 0.5, 0.25),
          new CommitMessage.About(5, 1, 7, 2, Double.NaN, 0.25),
          new CommitMessage.About(5, 1, 7, 2, Double.POSITIVE_INFINITY, 0.25),
          new CommitMessage.About(5, 1, 7, 2, 0.5, -1),
          new CommitMessage.About(5, 1, 7, 2, 0.5, Double.NaN),
          new CommitMessage.About(5, 1, 7, 2, 0.5, 1e10)
        }) {
      assertRefused(encode(about, normal(LAYOUT), normal(BUFFERS), 3), "impossible values");
    }
    assertRefused(encode(ABOUT, normal(LAYOUT), normal(BUFFERS), 0), "without a number");
    assertRefused(encode(ABOUT, normal(LAYOUT), normal(BUFFERS), -1), "impossible counts");
  }

  @Test
  void valuesThatAreNotFiniteAreRefused() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] values = normal(LAYOUT);
      values[LAYOUT.variables().getLast().offset()] = bad;
      assertRefused(encode(ABOUT, values, normal(BUFFERS), 3), "not finite");
      float[] buffers = normal(BUFFERS);
      buffers[2] = bad;
      assertRefused(encode(ABOUT, normal(LAYOUT), buffers, 3), "buffer that is not finite");
    }
  }

  @Test
  void aCommitOfAnotherModelOrThatIsCutIsRefused() {
    Payload payload = encode(ABOUT, normal(LAYOUT), normal(BUFFERS), 3);
    assertThatThrownBy(() -> Frame.open(payload, Layouts.of(100, 8).fingerprint()))
        .hasMessageContaining("another model");
    assertThatThrownBy(() -> CommitMessage.parse(payload, LAYOUT, Layouts.of(40)))
        .isInstanceOf(MalformedMessageException.class);
    assertThatThrownBy(() -> CommitMessage.parse(payload, LAYOUT, Layouts.of()))
        .isInstanceOf(MalformedMessageException.class);
    for (int length = Frame.BYTES; length < payload.length(); length++) {
      byte[] cut = Arrays.copyOf(payload.bytes(), length);
      Frame.seal(cut, length, MessageType.COMMIT, LAYOUT.fingerprint());
      assertThatThrownBy(() -> open(new Payload(cut, cut.length)))
          .as("of %d bytes", length)
          .isInstanceOf(MalformedMessageException.class);
    }
  }

  @Test
  void aCommitIsWhole() {
    Selection part = new Selection(LAYOUT);
    part.clear();
    part.selectWhole(0);
    Payload payload =
        CommitMessage.encode(
            new GradientWriter(ValueFormat.FP32, 1),
            part,
            new Selections.Remembering(normal(LAYOUT)),
            3,
            64,
            192,
            ABOUT,
            MemorySegment.ofArray(normal(BUFFERS)),
            Buffers.FRESH);
    assertRefused(payload, "not whole");
  }
}
