package io.dlion.core.wire;

import io.dlion.core.Phrase;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.ParameterLayout;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A whole model as it was after an iteration: round (8 bytes), iteration (8), weights and buffers
 * as flat float32; for who is to become what the sender is, followed by what the optimizers of all
 * replicas remember alike, if they do. The body is exact, so that a worker that takes it over has
 * the sender's very weights.
 *
 * @param round the transfer round it was asked for in
 * @param iteration of the sender when the snapshot was taken
 * @param payload the bytes, which must stay as they are while this message is in use
 * @param weights view of the weights inside the payload, not aligned
 * @param buffers view of the buffers inside the payload, not aligned
 * @param memory view of the optimizer's memory inside the payload, not aligned: some values for
 *     each weight, or none
 */
public record WeightsMessage(
    long round,
    long iteration,
    Payload payload,
    MemorySegment weights,
    MemorySegment buffers,
    MemorySegment memory) {
  private static final int HEADER = 16;

  /** Values that an optimizer remembers of each weight, at most. */
  private static final int MEMORIES_MAX = 2;

  /**
   * Encodes a snapshot.
   *
   * @param memory of the optimizer: values for each weight, at most {@value #MEMORIES_MAX} times
   */
  public static Payload encode(
      long round,
      long iteration,
      ParameterLayout layout,
      MemorySegment weights,
      ParameterLayout bufferLayout,
      MemorySegment buffers,
      List<MemorySegment> memory,
      Buffers pool) {
    requireLittleEndian();
    long remembered = memory.stream().mapToLong(MemorySegment::byteSize).sum();
    int size = Math.toIntExact(size(layout, bufferLayout) + remembered);
    byte[] out = pool.take(size);
    Bytes.putLong(out, Frame.BYTES, round);
    Bytes.putLong(out, Frame.BYTES + 8, iteration);
    int at = Frame.BYTES + HEADER;
    MemorySegment to = MemorySegment.ofArray(out);
    MemorySegment.copy(weights, 0, to, at, layout.bytes());
    MemorySegment.copy(buffers, 0, to, at + layout.bytes(), bufferLayout.bytes());
    long after = at + layout.bytes() + bufferLayout.bytes();
    for (MemorySegment one : memory) {
      MemorySegment.copy(one, 0, to, after, one.byteSize());
      after += one.byteSize();
    }
    Frame.seal(out, size, MessageType.WEIGHTS, layout.fingerprint());
    return new Payload(out, size);
  }

  /** The most bytes that such a message can have. */
  public static int sizeMax(ParameterLayout layout, ParameterLayout bufferLayout) {
    return Math.toIntExact(size(layout, bufferLayout) + MEMORIES_MAX * layout.bytes());
  }

  /** Bytes of such a message without an optimizer's memory. */
  public static int size(ParameterLayout layout, ParameterLayout bufferLayout) {
    return Math.toIntExact(Frame.BYTES + HEADER + layout.bytes() + bufferLayout.bytes());
  }

  /**
   * Validates a message whose frame is already {@linkplain Frame#open opened}.
   *
   * @throws MalformedMessageException if its size is not the model's or a value is not finite
   */
  public static WeightsMessage parse(
      Payload payload, ParameterLayout layout, ParameterLayout bufferLayout)
      throws MalformedMessageException {
    int size = size(layout, bufferLayout);
    long remembered = (long) payload.length() - size;
    if (remembered < 0
        || remembered % layout.bytes() != 0
        || remembered / layout.bytes() > MEMORIES_MAX) {
      throw new MalformedMessageException(
          Phrase.of(
              "weights of %d bytes: %d expected, or up to %d times %d more",
              payload.length(), size, MEMORIES_MAX, layout.bytes()));
    }
    requireLittleEndian();
    long round = Bytes.getLong(payload.bytes(), Frame.BYTES);
    long iteration = Bytes.getLong(payload.bytes(), Frame.BYTES + 8);
    if (!Counts.arePossible(round, iteration)) {
      throw new MalformedMessageException("weights of round " + round + ", iteration " + iteration);
    }
    MemorySegment body = MemorySegment.ofArray(payload.bytes()).asSlice(Frame.BYTES + HEADER);
    long values = layout.bytes() + bufferLayout.bytes();
    if (!Blocks.allFinite(body, Math.toIntExact((values + remembered) / 4))) {
      throw new MalformedMessageException("weights with a value that is not finite");
    }
    return new WeightsMessage(
        round,
        iteration,
        payload,
        body.asSlice(0, layout.bytes()),
        body.asSlice(layout.bytes(), bufferLayout.bytes()),
        body.asSlice(values, remembered));
  }

  /**
   * Snapshots are copied as they lie in memory; every machine this runs on keeps its floats the
   * same way round.
   */
  private static void requireLittleEndian() {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new UnsupportedOperationException("DLion runs on little-endian machines only");
    }
  }
}
