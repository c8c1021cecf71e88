package io.dlion.cluster.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.wire.MalformedMessageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelAnswerTest {
  private static final ModelAnswer ANSWER =
      new ModelAnswer(
          Map.of("dlion.model", "mlp", "long", "x".repeat(70_000)), "seed: 1\n", 9, 0, 3, 2);

  private static byte[] bytes(ModelAnswer answer) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    answer.write(out);
    return out.toByteArray();
  }

  private static ModelAnswer read(byte[] bytes) throws IOException, MalformedMessageException {
    return ModelAnswer.read(new ByteArrayInputStream(bytes));
  }

  private static void assertMalformed(byte[] bytes) {
    assertThatThrownBy(() -> read(bytes)).isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void isReadAsItWasWrittenAndWhatFollowsIsLeft() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ANSWER.write(out);
    float[] values = new float[40_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 0.25f;
    }
    ModelAnswer.writeFloats(out, MemorySegment.ofArray(values));
    ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
    assertThat(ModelAnswer.read(in)).isEqualTo(ANSWER);
    float[] back = new float[values.length];
    ModelAnswer.readFloats(in, back);
    assertThat(back).isEqualTo(values);
    assertThatThrownBy(() -> ModelAnswer.readFloats(in, new float[1]))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessage("a model that is cut off");
  }

  @Test
  void whatIsCutOffIsRefused() throws Exception {
    byte[] whole = bytes(new ModelAnswer(Map.of("a", "b"), "job", 9, 0, 3, 2));
    for (int length = 0; length < whole.length; length++) {
      assertMalformed(Arrays.copyOf(whole, length));
    }
  }

  @Test
  void absurdSizesAreRefused() throws Exception {
    byte[] whole = bytes(new ModelAnswer(Map.of(), "", 9, 0, 3, 2));
    for (int[] change :
        new int[][] {
          {0, 1}, {4, -1}, {4, 65}, {8, -1}, {8, 1 << 30}, {20, -1}, {20, 9}, {28, 0}, {32, -1}
        }) {
      byte[] damaged = whole.clone();
      ByteBuffer.wrap(damaged).putInt(change[0], change[1]);
      assertMalformed(damaged);
    }
  }
}
