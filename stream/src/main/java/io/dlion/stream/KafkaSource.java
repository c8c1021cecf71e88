package io.dlion.stream;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.stream.Position;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * A topic of Apache Kafka: all its partitions, assigned and not subscribed. Nothing is committed to
 * the broker; the position lies in the run's checkpoints. The partitions of a position are Kafka's
 * numbers, their offsets Kafka's offsets. Records of transactions count once these are committed.
 *
 * <p>Where retention has removed records before they were read, it says how many are lost and goes
 * on with the oldest that is there. Where the topic ends before the position, the topic was made
 * anew, and is read from its beginning. Partitions that are added are found within 30 s.
 *
 * <p>The age of a record is the time since its timestamp, by an {@link ArrivalClock}.
 */
public final class KafkaSource implements RecordSource {
  static final Comparator<TopicPartition> BY_PARTITION =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  private static final int VALUE_BYTES_MAX = 16 << 20;
  private static final Duration START_MAX = Duration.ofSeconds(10);
  private static final Duration PARTITIONS_PERIOD = Duration.ofSeconds(30);
  private static final int FETCH_RECORDS_MAX = 2000;
  private static final int NAMED_MAX = 10;

  private final StreamAddress.Kafka address;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaEnds ends;
  private final ArrivalClock clock = new ArrivalClock();
  private final Queue<RawRecord.Remark> remarks = new ConcurrentLinkedQueue<>();

  /** Offsets of the next records to be polled. */
  private final Map<TopicPartition, Long> next = new TreeMap<>(BY_PARTITION);

  private final Deque<ConsumerRecord<byte[], byte[]>> fetched = new ArrayDeque<>();

  /**
   * Connects.
   *
   * @param clientId names this worker in the broker's log
   * @throws UserError where no broker answers within 10 s, or the topic does not exist
   */
  public KafkaSource(StreamAddress.Kafka address, String clientId) {
    this(address, clientId, START_MAX, PARTITIONS_PERIOD);
  }

  /** With how long to wait for a broker, and how often to look for new partitions. */
  KafkaSource(
      StreamAddress.Kafka address, String clientId, Duration startMax, Duration partitionsPeriod) {
    LibraryLogs.quiet();
    this.address = address;
    Properties settings = settings(address, clientId);
    boolean committed = settings.getProperty("isolation.level").equals("read_committed");
    try {
      consumer =
          new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    } catch (KafkaException e) {
      throw refused(e);
    }
    try {
      checkTopic(startMax);
      Outage outage = new Outage(address.address(), remarks::add);
      ends = new KafkaEnds(settings, address.topic(), committed, partitionsPeriod, outage);
    } catch (RuntimeException e) {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
      throw e instanceof KafkaException k ? refused(k) : e;
    }
  }

  private static Properties settings(StreamAddress.Kafka address, String clientId) {
    Properties settings = new Properties();
    settings.setProperty("isolation.level", "read_committed");
    settings.setProperty("reconnect.backoff.max.ms", "2000");
    settings.setProperty("request.timeout.ms", "5000");
    settings.setProperty("default.api.timeout.ms", "10000");
    settings.setProperty("metadata.max.age.ms", "30000");
    settings.setProperty("fetch.max.bytes", Integer.toString(VALUE_BYTES_MAX));
    settings.putAll(ClientProperties.read(address.properties()));
    settings.setProperty("bootstrap.servers", String.join(",", address.hosts()));
    settings.setProperty("client.id", clientId);
    settings.setProperty("enable.auto.commit", "false");
    settings.setProperty("auto.offset.reset", "none");
    settings.setProperty("allow.auto.create.topics", "false");
    settings.setProperty("max.poll.records", Integer.toString(FETCH_RECORDS_MAX));
    settings.setProperty("metric.reporters", ""); // nobody looks at them here
    return settings;
  }

  private UserError refused(KafkaException e) {
    if (e instanceof TimeoutException) {
      return new UserError(
          "stream "
              + address.address()
              + ": expected a Kafka broker, found none that answers within 10 s; start it, or"
              + " correct its host and port",
          e);
    }
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new UserError(
        "stream " + address.address() + ": the broker cannot be used: " + cause.getMessage(), e);
  }

  private void checkTopic(Duration startMax) {
    Map<String, List<PartitionInfo>> topics = consumer.listTopics(startMax);
    if (topics.containsKey(address.topic())) {
      return;
    }
    Set<String> names = new TreeSet<>(topics.keySet());
    String there =
        names.isEmpty()
            ? "no topics"
            : names.stream().limit(NAMED_MAX).collect(Collectors.joining(", "))
                + (names.size() > NAMED_MAX ? ", and " + (names.size() - NAMED_MAX) + " more" : "");
    throw new UserError(
        "stream "
            + address.address()
            + ": there is no topic '"
            + address.topic()
            + "'; the broker has "
            + there);
  }

  @Override
  public void seek(Position from) {
    fetched.clear();
    next.clear();
    try {
      Set<TopicPartition> partitions = new TreeSet<>(BY_PARTITION);
      for (PartitionInfo info : consumer.partitionsFor(address.topic(), START_MAX)) {
        partitions.add(new TopicPartition(address.topic(), info.partition()));
      }
      consumer.assign(partitions);
      place(partitions, from, address.latest());
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      throw refused(e);
    }
  }

  /** Seeks within partitions that are assigned, and says what is lost. */
  private void place(Set<TopicPartition> partitions, Position from, boolean latest) {
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> lasts = consumer.endOffsets(partitions);
    for (TopicPartition partition : partitions) {
      long begin = begins.getOrDefault(partition, 0L);
      long last = lasts.getOrDefault(partition, 0L);
      Long wanted = from.offsets().get(Integer.toString(partition.partition()));
      long offset = wanted == null ? (latest ? last : begin) : wanted;
      offset = inRange(partition, offset, begin, last);
      consumer.seek(partition, offset);
      next.put(partition, offset);
    }
  }

  private long inRange(TopicPartition partition, long wanted, long begin, long last) {
    if (wanted < begin) {
      warn(
          Phrase.of(
              "%s: records %d to %d of partition %d were removed by retention before they were learned from: %d lost",
              address.address(), wanted, begin - 1, partition.partition(), begin - wanted));
      return begin;
    }
    if (wanted > last) {
      warn(
          Phrase.of(
              "%s: partition %d ends at offset %d, before %d, which is next to be learned from: the topic was made anew, and is read from its beginning",
              address.address(), partition.partition(), last, wanted));
      return begin;
    }
    return wanted;
  }

  private void warn(String text) {
    remarks.add(new RawRecord.Remark(Severity.WARNING, text));
  }

  @Override
  public List<RawRecord> poll(int max, long waitNanos) throws InterruptedException {
    List<RawRecord> records = new ArrayList<>();
    try {
      ends.ask(next.keySet(), System.nanoTime());
      takeNewPartitions();
      if (fetched.isEmpty()) {
        consumer.poll(Duration.ofNanos(waitNanos)).forEach(fetched::add);
      }
    } catch (OffsetOutOfRangeException e) {
      outOfRange(e.offsetOutOfRangePartitions());
    } catch (InterruptException e) {
      Thread.interrupted(); // Kafka has set it again
      throw new InterruptedException();
    }
    String jump = clock.look();
    if (jump != null) {
      warn(jump);
    }
    for (RawRecord.@Nullable Remark r = remarks.poll(); r != null; r = remarks.poll()) {
      records.add(r);
    }
    for (int i = 0; i < max && !fetched.isEmpty(); i++) {
      records.add(record(fetched.removeFirst()));
    }
    return records;
  }

  private RawRecord record(ConsumerRecord<byte[], byte[]> r) {
    next.put(new TopicPartition(r.topic(), r.partition()), r.offset() + 1);
    String partition = Integer.toString(r.partition());
    byte @Nullable [] value = r.value();
    if (value == null) {
      return new RawRecord.Unfit(
          new byte[0], partition, r.offset(), "has no value", "no value", r.offset());
    }
    if (value.length > VALUE_BYTES_MAX) {
      return new RawRecord.Unfit(
          value,
          partition,
          r.offset(),
          "expected a value of at most 16 MiB, found " + value.length + " bytes",
          "too large",
          r.offset());
    }
    return new RawRecord.Message(value, partition, r.offset() + 1, clock.ageNanos(r.timestamp()));
  }

  /** Retention, or a topic made anew, has overtaken us. */
  private void outOfRange(Map<TopicPartition, Long> offsets) {
    Position wanted = Position.START;
    for (Map.Entry<TopicPartition, Long> entry : offsets.entrySet()) {
      wanted = wanted.after(Integer.toString(entry.getKey().partition()), entry.getValue());
    }
    place(offsets.keySet(), wanted, false);
  }

  private void takeNewPartitions() {
    Set<TopicPartition> added = new TreeSet<>(BY_PARTITION);
    added.addAll(ends.found());
    added.removeAll(next.keySet());
    if (added.isEmpty()) {
      return;
    }
    Set<TopicPartition> all = new TreeSet<>(BY_PARTITION);
    all.addAll(next.keySet());
    all.addAll(added);
    consumer.assign(all);
    place(added, Position.START, false);
    remarks.add(
        new RawRecord.Remark(
            Severity.INFO,
            address.address() + ": " + added.size() + " new partitions, " + all.size() + " now"));
  }

  @Override
  public Position position() {
    Position position = Position.START;
    for (Map.Entry<TopicPartition, Long> entry : next.entrySet()) {
      position = position.after(Integer.toString(entry.getKey().partition()), entry.getValue());
    }
    return position;
  }

  @Override
  public OptionalLong backlog() {
    long sum = 0;
    for (Map.Entry<TopicPartition, Long> entry : next.entrySet()) {
      Long end = ends.end(entry.getKey());
      if (end == null) {
        return OptionalLong.empty();
      }
      sum += Math.max(0, end - entry.getValue());
    }
    return OptionalLong.of(sum);
  }

  @Override
  public String description() {
    return address.address();
  }

  @Override
  public void close() {
    ends.close();
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
