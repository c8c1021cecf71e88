package io.dlion.emulator.stream;

import io.dlion.core.WorkerId;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Sampler;
import io.dlion.core.learn.Seeds;
import io.dlion.core.stream.Incoming;
import io.dlion.emulator.environment.SiteStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The records that arrive at a worker, by their numbers: its examples in a random order, then in
 * another one, and so on, with the labels that hold when each arrives. A pure function of seed and
 * number, so a worker that was away gets again what it had not learned. Not thread safe.
 */
public final class WorkerSource {
  /** The name of its only partition. */
  public static final String PARTITION = "emulated";

  private final WorkerId worker;
  private final Examples arriving;
  private final LabelDrift labels;
  private final ArrivalTimes times;
  private final Sampler order;
  private final long hashSeed;
  private final MemorySegment example;
  private final MemorySegment input;
  private final MemorySegment target;
  private final int[] row = new int[1];

  /**
   * The stream of a worker.
   *
   * @param arriving the examples that arrive, at least one
   * @param seed of the run
   */
  WorkerSource(
      WorkerId worker, SiteStream stream, Examples arriving, LabelDrift labels, long seed) {
    long own = Seeds.derive(Seeds.derive(seed, worker.name()), "stream");
    this.worker = worker;
    this.arriving = arriving;
    this.labels = labels;
    this.times = new ArrivalTimes(stream, Seeds.derive(own, "times"));
    this.order = new Sampler(arriving.count(), Seeds.derive(own, "order"));
    this.hashSeed = Seeds.derive(own, "hashes");
    ExampleShape shape = arriving.shape();
    long inputBytes = (long) shape.inputElements() * shape.inputElementBytes();
    long targetBytes = (long) shape.targetElements() * shape.targetElementBytes();
    this.example = MemorySegment.ofArray(new byte[Math.toIntExact(inputBytes + targetBytes)]);
    this.input = aligned(inputBytes);
    this.target = aligned(targetBytes);
  }

  private static MemorySegment aligned(long bytes) {
    long[] words = new long[Math.toIntExact((bytes + Long.BYTES - 1) / Long.BYTES)];
    return MemorySegment.ofArray(words).asSlice(0, bytes);
  }

  /** When a record arrives; {@link Long#MAX_VALUE} where it never does. */
  public long arrivalNanos(long record) {
    return times.nanos(record);
  }

  /** How many records have arrived by a time, to within one. */
  public long countBy(long nanos) {
    return times.countBy(nanos);
  }

  /** What is counted of a record when it was learned from. */
  public long hash(long record) {
    return Seeds.derive(hashSeed, record);
  }

  /** A record; its bytes are good until the next one is asked for. */
  public Incoming record(long number, long nowNanos) {
    long arrived = arrivalNanos(number);
    long hash = hash(number);
    order.draw(number, 1, row);
    arriving.copy(row, 1, input, target);
    if (arriving.shape().kind() == ExampleShape.Kind.CLASSIFICATION) {
      int label = (int) target.get(ValueLayout.JAVA_LONG, 0);
      target.set(ValueLayout.JAVA_LONG, 0, labels.label(label, worker, arrived, hash));
    }
    MemorySegment.copy(input, 0, example, 0, input.byteSize());
    MemorySegment.copy(target, 0, example, input.byteSize(), target.byteSize());
    return new Incoming(example, PARTITION, number + 1, Math.max(0, nowNanos - arrived), hash);
  }
}
