package io.dlion.core.wire;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.ParameterLayout;
import java.lang.foreign.MemorySegment;

/**
 * The model that a server keeps: weights, encoded as a gradient is; behind them the {@link About}
 * and the buffers as flat float32. The gradient's iteration is the version, its samples are those
 * of all clients, and 1.
 *
 * @param values the weights
 * @param about what else the server says
 * @param buffers view of the buffers inside the payload, not aligned
 */
public record GlobalModelMessage(GradientMessage values, About about, MemorySegment buffers) {
  /**
   * What a server says with its model.
   *
   * @param term of the server
   * @param life of the client it is for
   * @param acknowledged number of the newest commit of the client that is in the model; 0 if none
   * @param last whether the run is over, and this is its model
   * @param plan when the client is to commit next
   */
  public record About(long term, long life, long acknowledged, boolean last, CommitPlan plan) {
    static final int BYTES = 8 + 8 + 8 + 1 + CommitPlan.BYTES;

    private void write(byte[] b, int at) {
      Bytes.putLong(b, at, term);
      Bytes.putLong(b, at + 8, life);
      Bytes.putLong(b, at + 16, acknowledged);
      b[at + 24] = (byte) (last ? 1 : 0);
      plan.write(b, at + 25);
    }

    private static About read(byte[] b, int at) throws MalformedMessageException {
      About about =
          new About(
              Bytes.getLong(b, at),
              Bytes.getLong(b, at + 8),
              Bytes.getLong(b, at + 16),
              b[at + 24] == 1,
              CommitPlan.read(b, at + 25));
      if (!Counts.arePossible(about.term, about.acknowledged)
          || about.life < 0
          || b[at + 24] < 0
          || b[at + 24] > 1
          || !about.plan.isPlausible()) {
        throw new MalformedMessageException("global model with impossible values: " + about);
      }
      return about;
    }
  }

  /** Commits, or rounds of commits, in the model. */
  public long version() {
    return values.header().iteration();
  }

  /** Samples that all clients have processed. */
  public long samples() {
    return values.header().samples() - 1;
  }

  /** Encodes a model. */
  public static Payload encode(
      GradientWriter writer,
      Selection whole,
      GradientSource weights,
      long version,
      long samples,
      About about,
      MemorySegment buffers,
      Buffers pool) {
    GradientHeader header = new GradientHeader(version, 1, samples + 1, 1, 0, HeaderExtension.NONE);
    return writer.write(MessageType.MODEL, whole, weights, header, new Tail(about, buffers), pool);
  }

  private record Tail(About about, MemorySegment buffers) implements GradientWriter.Trailer {
    @Override
    public int bytes() {
      return About.BYTES + Math.toIntExact(buffers.byteSize());
    }

    @Override
    public void write(byte[] b, int at) {
      about.write(b, at);
      MemorySegment.copy(
          buffers, 0, MemorySegment.ofArray(b), at + About.BYTES, buffers.byteSize());
    }
  }

  /** The most bytes that such a message can have. */
  public static int sizeMax(ParameterLayout layout, ParameterLayout bufferLayout) {
    long tail = About.BYTES + bufferLayout.bytes();
    return Math.toIntExact(EncodedSize.wholeMax(layout) + tail);
  }

  /**
   * Validates a model whose frame is already {@linkplain Frame#open opened}.
   *
   * @throws MalformedMessageException naming what is wrong
   */
  public static GlobalModelMessage parse(
      Payload payload, ParameterLayout layout, ParameterLayout bufferLayout)
      throws MalformedMessageException {
    int tail = Math.toIntExact(About.BYTES + bufferLayout.bytes());
    GradientMessage values = GradientMessage.parse(payload, layout, tail);
    if (!values.isWhole()) {
      throw new MalformedMessageException("global model that is not whole");
    }
    int at = payload.length() - tail;
    About about = About.read(payload.bytes(), at);
    MemorySegment buffers =
        MemorySegment.ofArray(payload.bytes()).asSlice(at + About.BYTES, bufferLayout.bytes());
    if (!Blocks.allFinite(buffers, bufferLayout.size())) {
      throw new MalformedMessageException("global model with a buffer that is not finite");
    }
    return new GlobalModelMessage(values, about, buffers);
  }
}
