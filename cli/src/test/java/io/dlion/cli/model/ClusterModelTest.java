package io.dlion.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.cli.checkpoint.ModelFile;
import io.dlion.cluster.desk.ModelAnswer;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.data.tensor.NamedTensor;
import io.dlion.data.tensor.Safetensors;
import io.dlion.engine.ModelSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterModelTest {
  private static final ExampleShape SHAPE =
      new ExampleShape(List.of(4), ExampleShape.Kind.CLASSIFICATION, 3);
  private static final ModelSpec SPEC = ModelSpec.builtIn("logistic", SHAPE);
  private static final int WEIGHTS = SPEC.parameters().size();
  private static final int BUFFERS = SPEC.bufferLayout().size();

  @TempDir private Path folder;

  private static ModelAnswer answer(long precedence, int weights, String model, long network) {
    return new ModelAnswer(
        ModelFile.about(model, SHAPE, Optional.empty()),
        "model: logistic\n",
        precedence,
        network,
        weights,
        BUFFERS);
  }

  private static ModelAnswer answer(long precedence) {
    return answer(precedence, WEIGHTS, "logistic", 0);
  }

  /** A model all of whose weights are one number. */
  private static InputStream of(float value, int weights) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    float[] values = new float[weights];
    Arrays.fill(values, value);
    ModelAnswer.writeFloats(out, MemorySegment.ofArray(values));
    ModelAnswer.writeFloats(out, MemorySegment.ofArray(new float[BUFFERS]));
    return new ByteArrayInputStream(out.toByteArray());
  }

  private ClusterModel begin() throws IOException, MalformedMessageException {
    return ClusterModel.begin(folder, answer(0), InputStream.nullInputStream());
  }

  private float[] written(ClusterModel model) throws IOException {
    Path file = folder.resolve("out.safetensors");
    model.write(Optional.of(Exporting.Format.SAFETENSORS), file);
    NamedTensor first = Safetensors.read(file).tensors().getFirst();
    return first.values().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  @Test
  void isTheMeanOfReplicas() throws Exception {
    try (ClusterModel model = begin()) {
      for (float value : new float[] {1, 2, 6}) {
        assertThat(model.add(answer(0), of(value, WEIGHTS))).isTrue();
      }
      assertThat(written(model)).containsOnly(3f);
      assertThat(model.write(Optional.empty(), folder)).isEqualTo("mean of 3 replicas");
      assertThat(folder.resolve("model.safetensors")).exists();
      assertThat(Files.readString(folder.resolve("job.yaml"))).isEqualTo("model: logistic\n");
    }
  }

  @Test
  void onlyTheHighestPrecedenceCounts() throws Exception {
    try (ClusterModel model = begin()) {
      assertThat(model.add(answer(4), of(1, WEIGHTS))).isTrue();
      assertThat(model.add(answer(7), of(5, WEIGHTS))).isTrue();
      assertThat(model.add(answer(6), InputStream.nullInputStream())).as("not even read").isFalse();
      assertThat(written(model)).containsOnly(5f);
    }
  }

  @Test
  void whatIsNoSuchModelIsRefusedAndTheOthersCount() throws Exception {
    try (ClusterModel model = begin()) {
      model.add(answer(0), of(2, WEIGHTS));
      assertMalformed(
          "where logistic has " + WEIGHTS,
          () -> model.add(answer(0, WEIGHTS + 1, "logistic", 0), of(9, WEIGHTS + 1)));
      assertMalformed("not finite", () -> model.add(answer(0), of(Float.NaN, WEIGHTS)));
      assertMalformed("cut off", () -> model.add(answer(0), of(9, WEIGHTS - 1)));
      assertThat(written(model)).containsOnly(2f);
    }
  }

  @Test
  void aModelThatCannotBeMadeHereIsRefused() {
    assertMalformed(
        "where logistic has",
        () ->
            ClusterModel.begin(
                folder,
                answer(0, Integer.MAX_VALUE, "logistic", 0),
                InputStream.nullInputStream()));
    assertMalformed(
        "without its network",
        () ->
            ClusterModel.begin(
                folder, answer(0, WEIGHTS, "/etc/net.pt", 0), InputStream.nullInputStream()));
    assertMalformed(
        "a network that is cut off",
        () ->
            ClusterModel.begin(
                folder,
                answer(0, WEIGHTS, "/etc/net.pt", 10),
                new ByteArrayInputStream(new byte[3])));
    assertThatThrownBy(() ->
            ClusterModel.begin(
                folder, new ModelAnswer(Map.of(), "", 0, 0, 1, 0), InputStream.nullInputStream()))
        .isInstanceOf(MalformedMessageException.class);
  }

  private static void assertMalformed(
      String message, org.assertj.core.api.ThrowableAssert.ThrowingCallable what) {
    assertThatThrownBy(what)
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining(message);
  }
}
