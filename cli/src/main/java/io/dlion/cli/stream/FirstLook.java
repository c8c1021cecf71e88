package io.dlion.cli.stream;

import io.dlion.core.stream.Position;
import io.dlion.stream.KafkaSource;
import io.dlion.stream.RawRecord;
import io.dlion.stream.StreamAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Looks at the first records of a topic, to measure how they are to be encoded. */
final class FirstLook {
  private static final int RECORDS_MAX = 1000;
  private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(3);

  private FirstLook() {}

  /** The values of the first records; none where none comes within a few seconds. */
  static List<byte[]> at(StreamAddress.Kafka kafka) {
    List<byte[]> values = new ArrayList<>();
    long end = System.nanoTime() + WAIT_NANOS;
    try (KafkaSource source = new KafkaSource(kafka, "dlion-first-look")) {
      source.seek(Position.START);
      long left = WAIT_NANOS;
      while (values.size() < RECORDS_MAX && left > 0) {
        int before = values.size();
        for (RawRecord record : source.poll(RECORDS_MAX - values.size(), left)) {
          if (record instanceof RawRecord.Message message) {
            values.add(message.value());
          }
        }
        boolean enough = before > 0 && values.size() == before;
        left = enough ? 0 : end - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return values;
  }
}
