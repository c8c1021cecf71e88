package io.dlion.cli.stream;

import io.dlion.core.stream.Position;
import io.dlion.data.generated.DriftingAddress;
import io.dlion.data.generated.DriftingStream;
import io.dlion.stream.RawRecord;
import io.dlion.stream.RecordSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** A generated stream, whose records come at a steady rate. Confined to one thread. */
final class DriftingSource implements RecordSource {
  private static final String PARTITION = "generated";

  private final DriftingAddress address;
  private final DriftingStream stream;
  private final String description;
  private long number;
  private long firstNumber;
  private long beganNanos = System.nanoTime();

  DriftingSource(String description, DriftingAddress address, DriftingStream stream) {
    this.description = description;
    this.address = address;
    this.stream = stream;
  }

  @Override
  public List<RawRecord> poll(int max, long waitNanos) throws InterruptedException {
    long next = dueNanos(number) - System.nanoTime();
    if (next > 0) {
      TimeUnit.NANOSECONDS.sleep(Math.min(next, waitNanos));
    }
    long now = System.nanoTime();
    List<RawRecord> records = new ArrayList<>();
    while (records.size() < max && dueNanos(number) <= now) {
      long age = now - dueNanos(number);
      records.add(new RawRecord.Ready(stream.next(number), PARTITION, number + 1, age));
      number++;
    }
    return records;
  }

  /** When a record comes, on the clock of the system. */
  private long dueNanos(long of) {
    return beganNanos + (long) ((of - firstNumber) / address.recordsPerSecond() * 1e9);
  }

  @Override
  public Position position() {
    return Position.START.after(PARTITION, number);
  }

  @Override
  public void seek(Position from) {
    number = from.offset(PARTITION);
    firstNumber = number;
    beganNanos = System.nanoTime();
  }

  @Override
  public OptionalLong backlog() {
    double seconds = (System.nanoTime() - beganNanos) / 1e9;
    long due = firstNumber + (long) (seconds * address.recordsPerSecond());
    return OptionalLong.of(Math.max(0, due - number));
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public void close() {}
}
