package io.dlion.cluster.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.wire.MalformedMessageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SurveyCodecTest {
  private static final UUID ONE = new UUID(1, 2);
  private static final UUID OTHER = new UUID(3, 4);
  private static final ProbeLimits LIMITS = new ProbeLimits(1500, 8_000_000);

  private static final List<SurveyQuestion> QUESTIONS =
      List.of(
          new SurveyQuestion.Host(),
          new SurveyQuestion.Steps("", 10),
          new SurveyQuestion.Steps("cnn-small", 300),
          new SurveyQuestion.Lines(List.of(ONE, OTHER), LIMITS));

  @Test
  void questionsAreReadBackAlsoWithWhatLaterVersionsAppend() throws Exception {
    for (SurveyQuestion question : QUESTIONS) {
      byte[] bytes = question.encode();
      assertThat(SurveyQuestion.decode(bytes)).isEqualTo(question);
      assertThat(SurveyQuestion.decode(Arrays.copyOf(bytes, bytes.length + 9))).isEqualTo(question);
    }
  }

  @Test
  void questionsThatAreCutOffAreRefused() {
    for (SurveyQuestion question : QUESTIONS) {
      byte[] bytes = question.encode();
      for (int length = 0; length < bytes.length; length++) {
        byte[] part = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> SurveyQuestion.decode(part))
            .isInstanceOf(MalformedMessageException.class);
      }
    }
  }

  @Test
  void nobodyMayAskForMoreThanTheBounds() {
    byte[] kind = {9};
    byte[] seconds = new SurveyQuestion.Steps("", 1).encode();
    ByteBuffer.wrap(seconds).putInt(3, SurveyQuestion.Steps.SECONDS_MAX + 1);
    byte[] file = new SurveyQuestion.Steps("abc", 1).encode();
    file[3] = '/';
    byte[] millis = new SurveyQuestion.Lines(List.of(ONE), LIMITS).encode();
    ByteBuffer.wrap(millis).putInt(millis.length - 8, ProbeLimits.MILLIS_MAX + 1);
    byte[] bytes = new SurveyQuestion.Lines(List.of(ONE), LIMITS).encode();
    ByteBuffer.wrap(bytes).putInt(bytes.length - 4, -1);
    byte[] count = new SurveyQuestion.Lines(List.of(ONE), LIMITS).encode();
    ByteBuffer.wrap(count).putShort(1, (short) 60_000);
    byte[] twice = new SurveyQuestion.Lines(List.of(ONE, OTHER), LIMITS).encode();
    System.arraycopy(twice, 3, twice, 19, 16);
    for (byte[] bad : new byte[][] {kind, seconds, file, millis, bytes, count, twice}) {
      assertThatThrownBy(() -> SurveyQuestion.decode(bad))
          .isInstanceOf(MalformedMessageException.class);
    }
  }

  /** Writes something. */
  private interface Write {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] bytes(Write write) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    write.to(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static DataInputStream in(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }

  private static final HostFacts HOST = new HostFacts("0123456789abcdef0123456789abcdef", 2, 4);
  private static final StepFacts STEPS = new StepFacts("cnn", 325_000, 0.01, 7e-4, 0.1, 100);
  private static final List<LineFacts> LINES =
      List.of(
          new LineFacts.Measured(ONE, 0.04, 1e6, 2e6),
          new LineFacts.Relayed(OTHER),
          new LineFacts.Failed(new UUID(5, 6), "gone"));

  @Test
  void factsAreReadBack() throws Exception {
    assertThat(HostFacts.read(in(bytes(HOST::write)))).isEqualTo(HOST);
    assertThat(StepFacts.read(in(bytes(STEPS::write)))).isEqualTo(STEPS);
    assertThat(LineFacts.read(in(bytes(out -> LineFacts.write(LINES, out))))).isEqualTo(LINES);
  }

  @Test
  void factsThatAreCutOffAreRefused() throws Exception {
    byte[] host = bytes(HOST::write);
    byte[] steps = bytes(STEPS::write);
    byte[] lines = bytes(out -> LineFacts.write(LINES, out));
    assertThatThrownBy(() -> HostFacts.read(in(Arrays.copyOf(host, host.length - 1))))
        .isInstanceOf(MalformedMessageException.class);
    assertThatThrownBy(() -> StepFacts.read(in(Arrays.copyOf(steps, steps.length - 1))))
        .isInstanceOf(MalformedMessageException.class);
    assertThatThrownBy(() -> LineFacts.read(in(Arrays.copyOf(lines, lines.length - 1))))
        .isInstanceOf(MalformedMessageException.class);
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1, 1e300})
  void figuresThatCannotBeAreRefused(double bad) throws Exception {
    byte[] good = bytes(STEPS::write);
    int alpha = 2 + 3 + 8; // behind the name and the parameters
    for (int at = alpha; at < alpha + 24; at += 8) {
      byte[] steps = good.clone();
      ByteBuffer.wrap(steps).putDouble(at, bad);
      assertThatThrownBy(() -> StepFacts.read(in(steps)))
          .isInstanceOf(MalformedMessageException.class)
          .hasMessageContaining("cannot be");
    }
    byte[] all = bytes(out -> LineFacts.write(LINES.subList(0, 1), out));
    for (int at = 2 + 16 + 1; at < all.length; at += 8) {
      byte[] line = all.clone();
      ByteBuffer.wrap(line).putDouble(at, bad);
      assertThatThrownBy(() -> LineFacts.read(in(line)))
          .isInstanceOf(MalformedMessageException.class)
          .hasMessageContaining("cannot be");
    }
  }

  @Test
  void aSampleCostsSomethingAndALineCarriesSomething() throws Exception {
    byte[] steps = bytes(STEPS::write);
    ByteBuffer.wrap(steps).putDouble(2 + 3 + 8 + 8, 0);
    assertThatThrownBy(() -> StepFacts.read(in(steps)))
        .isInstanceOf(MalformedMessageException.class);
    byte[] line = bytes(out -> LineFacts.write(LINES.subList(0, 1), out));
    ByteBuffer.wrap(line).putDouble(2 + 16 + 1 + 8, 0);
    assertThatThrownBy(() -> LineFacts.read(in(line)))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void aMachineHasAnIdentityAndCores() throws Exception {
    List<byte[]> bad = new ArrayList<>();
    byte[] digit = bytes(HOST::write);
    digit[2] = 'x';
    bad.add(digit);
    byte[] cores = bytes(HOST::write);
    ByteBuffer.wrap(cores).putInt(34, 0);
    bad.add(cores);
    byte[] threads = bytes(HOST::write);
    ByteBuffer.wrap(threads).putInt(38, 1 << 20);
    bad.add(threads);
    for (byte[] each : bad) {
      assertThatThrownBy(() -> HostFacts.read(in(each)))
          .isInstanceOf(MalformedMessageException.class);
    }
  }

  @Test
  void moreLinesThanMayBeAskedForAreNoAnswer() {
    byte[] many = {(byte) 0xff, (byte) 0xff};
    assertThatThrownBy(() -> LineFacts.read(in(many)))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("65535 lines");
  }

  @Test
  void aReasonIsBoundedAndHasNoControlCharacters() {
    assertThat(new LineFacts.Failed(ONE, "a\033b" + "x".repeat(900)).why())
        .startsWith("a?b")
        .hasSize(500);
  }
}
