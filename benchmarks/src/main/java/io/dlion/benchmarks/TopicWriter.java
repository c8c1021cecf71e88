package io.dlion.benchmarks;

import io.dlion.stream.RecordHash;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes records to a topic for each worker at a steady rate, and keeps count and hash of those
 * that the broker has acknowledged. One thread of its own.
 */
final class TopicWriter {
  private static final int PARTITIONS = 2;

  private final KafkaProducer<byte[], byte[]> producer;
  private final IdxRecords records;
  private final int workers;
  private final double rate;
  private final AtomicLongArray counts;
  private final AtomicLongArray hashes;
  private volatile boolean stopped;
  private Thread thread = new Thread(() -> {});

  TopicWriter(String broker, IdxRecords records, int workers, double rate) {
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker,
                "acks",
                "all",
                "enable.idempotence",
                true,
                "max.block.ms",
                120_000,
                "linger.ms",
                5),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.records = records;
    this.workers = workers;
    this.rate = rate;
    this.counts = new AtomicLongArray(workers);
    this.hashes = new AtomicLongArray(workers);
  }

  /** Begins; from {@code changeNanos} later labels are others. */
  void start(long startNanos, long changeNanos) {
    thread =
        Thread.ofPlatform()
            .name("topic-writer")
            .start(() -> write(startNanos, startNanos + changeNanos));
  }

  private void write(long startNanos, long changeNanos) {
    long[] next = new long[workers];
    while (!stopped) {
      long now = System.nanoTime();
      long due = (long) ((now - startNanos) / 1e9 * rate);
      for (int w = 0; w < workers; w++) {
        for (; next[w] < due && !stopped; next[w]++) {
          send(w, next[w], now > changeNanos);
        }
      }
      try {
        TimeUnit.MILLISECONDS.sleep(5);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void send(int worker, long number, boolean changed) {
    byte[] value = records.record(number * workers + worker, changed);
    int partition = (int) (number % PARTITIONS);
    var _ =
        producer.send(
            new ProducerRecord<>("w" + (worker + 1), partition, null, value),
            (sent, failure) -> {
              if (failure == null) {
                counts.incrementAndGet(worker);
                hashes.addAndGet(worker, RecordHash.of(value));
              } else {
                System.out.println("not written: " + failure);
              }
            });
  }

  /** Ends, once all that was sent has been written. */
  void stop() throws InterruptedException {
    stopped = true;
    thread.join();
    producer.flush();
    producer.close(Duration.ofSeconds(60));
  }

  long count() {
    long sum = 0;
    for (int w = 0; w < workers; w++) {
      sum += counts.get(w);
    }
    return sum;
  }

  long count(int worker) {
    return counts.get(worker - 1);
  }

  long hash(int worker) {
    return hashes.get(worker - 1);
  }
}
