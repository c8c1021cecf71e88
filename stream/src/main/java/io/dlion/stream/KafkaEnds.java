package io.dlion.stream;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Asks a broker about once a second where the partitions of a topic end, and now and then which
 * partitions there are. The questions are answered on a thread of Kafka's client; nobody waits for
 * them. Confined to one thread but for the answers.
 */
final class KafkaEnds implements AutoCloseable {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int TIMEOUT_MILLIS = 4000;

  private final Admin admin;
  private final String topic;
  private final long partitionsPeriodNanos;
  private final Outage outage;
  private final ListOffsetsOptions options;
  private volatile Map<TopicPartition, Long> ends = Map.of();
  private volatile Set<TopicPartition> found = Set.of();
  private volatile boolean asking;
  private volatile boolean askingPartitions;
  private long askedNanos;
  private long askedPartitionsNanos = System.nanoTime();

  KafkaEnds(
      Properties settings,
      String topic,
      boolean committed,
      Duration partitionsPeriod,
      Outage outage) {
    partitionsPeriodNanos = partitionsPeriod.toNanos();
    admin = Admin.create(settings);
    this.topic = topic;
    this.outage = outage;
    IsolationLevel level =
        committed ? IsolationLevel.READ_COMMITTED : IsolationLevel.READ_UNCOMMITTED;
    options = new ListOffsetsOptions(level).timeoutMs(TIMEOUT_MILLIS);
    askedNanos = System.nanoTime() - PERIOD_NANOS;
  }

  /** Asks where it is time to. */
  void ask(Set<TopicPartition> partitions, long nowNanos) {
    if (!asking && nowNanos - askedNanos >= PERIOD_NANOS) {
      asking = true;
      askedNanos = nowNanos;
      Map<TopicPartition, OffsetSpec> latest =
          partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
      answered(admin.listOffsets(latest, options).all());
    }
    if (!askingPartitions && nowNanos - askedPartitionsNanos >= partitionsPeriodNanos) {
      askingPartitions = true;
      askedPartitionsNanos = nowNanos;
      partitionsAnswered(admin.describeTopics(Set.of(topic)).allTopicNames());
    }
  }

  private void answered(
      KafkaFuture<Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo>> answer) {
    var _ =
        answer.whenComplete((infos, failure) -> {
          if (failure == null) {
            Map<TopicPartition, Long> offsets = new TreeMap<>(KafkaSource.BY_PARTITION);
            infos.forEach((partition, info) -> offsets.put(partition, info.offset()));
            ends = offsets;
            outage.answered();
          } else {
            outage.failed(why(failure));
          }
          asking = false;
        });
  }

  private void partitionsAnswered(KafkaFuture<Map<String, TopicDescription>> answer) {
    var _ =
        answer.whenComplete((topics, failure) -> {
          if (failure == null) {
            found =
                topics.values().stream()
                    .flatMap(t -> t.partitions().stream())
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .collect(Collectors.toSet());
          }
          askingPartitions = false;
        });
  }

  /** A timeout says nothing that "no answer" does not. */
  private static String why(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause instanceof org.apache.kafka.common.errors.TimeoutException
            || cause instanceof TimeoutException
        ? ""
        : String.valueOf(cause.getMessage());
  }

  /** The offset behind the last record; null where nobody has said so yet. */
  @Nullable Long end(TopicPartition partition) {
    return ends.get(partition);
  }

  /** Partitions that were found since the last call; empty where none were asked for. */
  Set<TopicPartition> found() {
    Set<TopicPartition> all = found;
    found = Set.of();
    return all;
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
