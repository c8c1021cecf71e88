package io.dlion.cluster.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.cluster.survey.SurveyQuestion;
import io.dlion.core.wire.MalformedMessageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeskCodecTest {
  private static byte[] bytes(Reply reply) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    reply.write(out);
    return out.toByteArray();
  }

  private static Reply read(byte[] bytes) throws IOException, MalformedMessageException {
    return Reply.read(new ByteArrayInputStream(bytes));
  }

  private static void assertMalformed(byte[] reply) {
    assertThatThrownBy(() -> read(reply)).isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void everyRequestIsReadBackAlsoWithWhatLaterVersionsAppend() throws Exception {
    for (Command command : Command.values()) {
      Request request =
          command == Command.SURVEY
              ? new Request(new SurveyQuestion.Steps("cnn", 7))
              : new Request(command);
      byte[] bytes = request.encode();
      assertThat(Request.decode(bytes)).isEqualTo(request);
      assertThat(Request.decode(Arrays.copyOf(bytes, bytes.length + 100))).isEqualTo(request);
    }
  }

  @Test
  void requestsThatAreNoneAreRefused() {
    byte[] unknown = new Request(Command.STOP).encode();
    unknown[5] = (byte) Command.values().length;
    byte[] magic = new Request(Command.STOP).encode();
    magic[0]++;
    byte[] older = new Request(Command.STOP).encode();
    older[4] = 0;
    byte[] nothingToMeasure = new Request(Command.STOP).encode();
    nothingToMeasure[5] = (byte) Command.SURVEY.ordinal();
    for (byte[] bytes :
        new byte[][] {
          {}, {1, 2, 3}, unknown, nothingToMeasure, magic, older, new byte[Request.BYTES_MAX + 1]
        }) {
      assertThatThrownBy(() -> Request.decode(bytes)).isInstanceOf(MalformedMessageException.class);
    }
  }

  @Test
  void anAnswerIsReadBackAndWhatFollowsItIsLeft() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Reply.refused("lyon", "rêst").write(out);
    out.write(42);
    ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
    assertThat(Reply.read(in)).isEqualTo(Reply.refused("lyon", "rêst"));
    assertThat(in.readAllBytes()).containsExactly(42);
  }

  @Test
  void textIsBoundedAndHasNoControlCharacters() throws Exception {
    assertThat(read(bytes(Reply.done("w", "x".repeat(10_000)))).text()).hasSize(2048);
    assertThat(read(bytes(Reply.done("w", "a\033[2Jb\nc"))).text()).isEqualTo("a?[2Jb?c");
  }

  @Test
  void answersThatAreCutOffAnywhereAreRefused() throws Exception {
    byte[] whole = bytes(Reply.done("lyon", "stopped"));
    for (int length = 0; length < whole.length; length++) {
      assertMalformed(Arrays.copyOf(whole, length));
    }
  }

  @Test
  void aLengthThatIsTooLongIsRefusedBeforeMemoryIsTaken() throws Exception {
    for (int length : new int[] {-1, 257, Integer.MAX_VALUE}) {
      byte[] bytes = bytes(Reply.done("lyon", "stopped"));
      ByteBuffer.wrap(bytes).putInt(6, length);
      assertMalformed(bytes);
    }
  }

  @Test
  void damagedAnswersAreReadOrRefusedAndNothingElse() throws Exception {
    Random random = new Random(5);
    byte[] whole = bytes(Reply.done("lyon", "stopped"));
    for (int k = 0; k < 2000; k++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      try {
        assertThat(read(damaged).text().length()).isLessThanOrEqualTo(2048);
      } catch (MalformedMessageException e) {
        assertThat(e).hasMessageContaining("answer");
      }
    }
  }
}
