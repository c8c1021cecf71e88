package io.dlion.core.wire;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.ParameterLayout;
import java.lang.foreign.MemorySegment;

/**
 * What a client did by itself since its last commit: how far its weights went from the global model
 * it began with, {@code U = W − w}, encoded as a gradient is; behind that the {@link About} and its
 * buffers as flat float32. The gradient's iteration is the number of the commit, its samples are
 * all that the client has processed.
 *
 * @param values U
 * @param about what else the client says
 * @param buffers view of the client's buffers inside the payload, not aligned
 */
public record CommitMessage(GradientMessage values, About about, MemorySegment buffers) {
  /**
   * What a client says of its commit.
   *
   * @param life of the client, see {@link Control.Standing}
   * @param term of the server it trains for
   * @param version of the global model it began from
   * @param steps local steps
   * @param loss mean training loss over them
   * @param seconds time it spent computing in them
   */
  public record About(long life, long term, long version, int steps, double loss, double seconds) {
    static final int BYTES = 8 + 8 + 8 + 4 + 8 + 8;

    private void write(byte[] b, int at) {
      Bytes.putLong(b, at, life);
      Bytes.putLong(b, at + 8, term);
      Bytes.putLong(b, at + 16, version);
      Bytes.putInt(b, at + 24, steps);
      Bytes.putDouble(b, at + 28, loss);
      Bytes.putDouble(b, at + 36, seconds);
    }

    private static About read(byte[] b, int at) throws MalformedMessageException {
      About about =
          new About(
              Bytes.getLong(b, at),
              Bytes.getLong(b, at + 8),
              Bytes.getLong(b, at + 16),
              Bytes.getInt(b, at + 24),
              Bytes.getDouble(b, at + 28),
              Bytes.getDouble(b, at + 36));
      boolean possible =
          about.life >= 0
              && Counts.arePossible(about.term, about.version)
              && about.steps >= 1
              && about.steps <= CommitPlan.STEPS_MAX
              && Double.isFinite(about.loss)
              && about.seconds >= 0
              && about.seconds < 1e9;
      if (!possible) {
        throw new MalformedMessageException("commit with impossible values: " + about);
      }
      return about;
    }
  }

  /** Number of the commit, from 1, in the life of its client. */
  public long number() {
    return values.header().iteration();
  }

  /** Samples that its steps were computed on. */
  public int samples() {
    return values.header().batchSize();
  }

  /**
   * Encodes a commit.
   *
   * @param number of the commit, from 1
   * @param samples that its steps were computed on
   * @param allSamples that the client has processed so far
   */
  public static Payload encode(
      GradientWriter writer,
      Selection whole,
      GradientSource distance,
      long number,
      int samples,
      long allSamples,
      About about,
      MemorySegment buffers,
      Buffers pool) {
    GradientHeader header =
        new GradientHeader(number, samples, allSamples, 1, 0, HeaderExtension.NONE);
    return writer.write(
        MessageType.COMMIT, whole, distance, header, new Tail(about, buffers), pool);
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
   * Validates a commit whose frame is already {@linkplain Frame#open opened}.
   *
   * @throws MalformedMessageException naming what is wrong
   */
  public static CommitMessage parse(
      Payload payload, ParameterLayout layout, ParameterLayout bufferLayout)
      throws MalformedMessageException {
    int tail = Math.toIntExact(About.BYTES + bufferLayout.bytes());
    GradientMessage values = GradientMessage.parse(payload, layout, tail);
    int at = payload.length() - tail;
    About about = About.read(payload.bytes(), at);
    if (!values.isWhole() || values.header().iteration() < 1) {
      throw new MalformedMessageException("commit that is not whole, or without a number");
    }
    MemorySegment buffers =
        MemorySegment.ofArray(payload.bytes()).asSlice(at + About.BYTES, bufferLayout.bytes());
    if (!Blocks.allFinite(buffers, bufferLayout.size())) {
      throw new MalformedMessageException("commit with a buffer that is not finite");
    }
    return new CommitMessage(values, about, buffers);
  }
}
