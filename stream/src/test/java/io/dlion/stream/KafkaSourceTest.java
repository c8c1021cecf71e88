package io.dlion.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.stream.Incoming;
import io.dlion.core.stream.Position;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real broker, in a process of its own. */
class KafkaSourceTest {
  @TempDir static Path temporary;
  private static KafkaBroker broker;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = KafkaBroker.start(temporary.resolve("broker"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  private static StreamAddress.Kafka address(String topic) {
    return (StreamAddress.Kafka) StreamAddress.parse("kafka://" + broker.address() + "/" + topic);
  }

  private static Pump pump(String topic, Position from, CollectingSink sink) {
    Duration often = Duration.ofMillis(500);
    Pump pump =
        new Pump(
            () -> new KafkaSource(address(topic.strip()), "test", Duration.ofSeconds(10), often),
            new TextDecoder(),
            temporary.resolve("rejected"));
    pump.start(from, sink);
    return pump;
  }

  private static KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.address(), "linger.ms", 5, "max.request.size", 1 << 25),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static void produce(String topic, int partitions, int from, int to) {
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      for (int i = from; i < to; i++) {
        var _ =
            producer.send(
                new ProducerRecord<>(topic, i % partitions, null, ("record " + i).getBytes(UTF_8)));
      }
    }
  }

  private static String[] records(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "record " + i).toArray(String[]::new);
  }

  @Test
  void allPartitionsAreReadAndAPositionIsWhereReadingGoesOn() throws Exception {
    broker.createTopic("plain", 3);
    produce("plain", 3, 0, 300);
    CollectingSink sink = new CollectingSink();
    try (Pump _ = pump("plain", Position.START, sink)) {
      sink.awaitSize(300).await(s -> s.lastBacklog() == 0);
    }
    assertThat(sink.texts()).containsExactlyInAnyOrder(records(0, 300));
    assertThat(sink.position()).hasToString("0=100;1=100;2=100");
    assertThat(sink.arrived())
        .allMatch(i -> i.ageNanos() >= 0 && i.ageNanos() < TimeUnit.SECONDS.toNanos(60))
        .allMatch(i -> i.hash() == RecordHash.of(i.example()));
    produce("plain", 3, 300, 330);
    CollectingSink later = new CollectingSink();
    Position from = Position.parse("0=100;1=90;2=100");
    try (Pump _ = pump("plain", from, later)) {
      later.awaitSize(40);
    }
    assertThat(later.texts()).hasSize(40).contains(records(300, 330)).contains("record 298");
    assertThat(sink.notices()).isEmpty();
    assertThat(later.notices()).isEmpty();
  }

  @Test
  void readingCanBeginAtTheEnd() throws Exception {
    broker.createTopic("late", 1);
    produce("late", 1, 0, 10);
    StreamAddress address =
        StreamAddress.parse("kafka://" + broker.address() + "/late?from=latest");
    try (KafkaSource source = new KafkaSource((StreamAddress.Kafka) address, "test")) {
      source.seek(Position.START);
      assertThat(source.position()).hasToString("0=10");
      produce("late", 1, 10, 12);
      List<RawRecord> records = new ArrayList<>();
      while (records.size() < 2) {
        records.addAll(source.poll(1, 1_000_000_000));
      }
      assertThat(source.position()).hasToString("0=12");
    }
  }

  @Test
  void aTopicThatDoesNotExistIsAnErrorThatNamesThoseThatDo() throws Exception {
    for (int i = 0; i < 3; i++) {
      broker.createTopic("a-topic-" + i, 1);
    }
    assertThatThrownBy(() -> new KafkaSource(address("missing"), "test"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("there is no topic 'missing'; the broker has a-topic-0, a-topic-1");
  }

  @Test
  void aBrokerThatDoesNotAnswerIsAnError() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    var address = (StreamAddress.Kafka) StreamAddress.parse("kafka://127.0.0.1:" + port + "/t");
    Duration brief = Duration.ofMillis(700);
    assertThatThrownBy(() -> new KafkaSource(address, "test", brief, brief))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("127.0.0.1:" + port + "/t: expected a Kafka broker, found none");
    var nowhere = (StreamAddress.Kafka) StreamAddress.parse("kafka://no.such.host.invalid:1/t");
    assertThatThrownBy(() -> new KafkaSource(nowhere, "test", brief, brief))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no.such.host.invalid");
  }

  @Test
  void whatRetentionRemovedIsToldAndPassedOver() throws Exception {
    broker.createTopic("removed", 1);
    produce("removed", 1, 0, 100);
    try (Admin admin = broker.admin()) {
      admin
          .deleteRecords(Map.of(new TopicPartition("removed", 0), RecordsToDelete.beforeOffset(60)))
          .all()
          .get();
    }
    CollectingSink sink = new CollectingSink();
    try (Pump _ = pump("removed", Position.parse("0=25"), sink)) {
      sink.awaitSize(40);
    }
    assertThat(sink.texts()).containsExactly(records(60, 100));
    assertThat(sink.notices())
        .singleElement()
        .asString()
        .startsWith("WARNING")
        .contains("records 25 to 59 of partition 0 were removed by retention")
        .contains("35 lost");
  }

  @Test
  void whatRetentionRemovesWhileReadingIsToldAndPassedOver() throws Exception {
    broker.createTopic("overtaken", 1);
    produce("overtaken", 1, 0, 10);
    try (KafkaSource source = new KafkaSource(address("overtaken"), "test")) {
      source.seek(Position.START);
      produce("overtaken", 1, 10, 50);
      try (Admin admin = broker.admin()) {
        admin
            .deleteRecords(
                Map.of(new TopicPartition("overtaken", 0), RecordsToDelete.beforeOffset(30)))
            .all()
            .get();
      }
      List<RawRecord> all = new ArrayList<>();
      while (all.size() < 21) {
        all.addAll(source.poll(100, 1_000_000_000));
      }
      assertThat(all.getFirst())
          .isInstanceOfSatisfying(
              RawRecord.Remark.class,
              r -> assertThat(r.text()).contains("records 0 to 29").contains("30 lost"));
      assertThat(source.position()).hasToString("0=50");
    }
  }

  @Test
  void aTopicMadeAnewIsReadFromItsBeginning() throws Exception {
    broker.createTopic("anew", 1);
    produce("anew", 1, 0, 5);
    CollectingSink sink = new CollectingSink();
    try (Pump _ = pump("anew", Position.parse("0=500"), sink)) {
      sink.awaitSize(5);
    }
    assertThat(sink.texts()).containsExactly(records(0, 5));
    assertThat(sink.notices()).singleElement().asString().contains("the topic was made anew");
  }

  @Test
  void partitionsThatAreAddedAreFound() throws Exception {
    broker.createTopic("growing", 1);
    CollectingSink sink = new CollectingSink();
    try (Pump _ = pump("growing", Position.START, sink)) {
      produce("growing", 1, 0, 1);
      sink.awaitSize(1);
      try (Admin admin = broker.admin()) {
        admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(3))).all().get();
      }
      sink.awaitNotice("2 new partitions, 3 now");
      produce("growing", 3, 1, 4);
      sink.awaitSize(4);
    }
    assertThat(sink.texts()).containsExactlyInAnyOrder(records(0, 4));
  }

  @Test
  void unfitRecordsAreRejected() throws Exception {
    broker.createTopic("unfit", 1);
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      for (byte[] value :
          new byte[][] {null, new byte[17 << 20], "bad apple".getBytes(UTF_8), {'o', 'k'}}) {
        producer.send(new ProducerRecord<>("unfit", value)).get();
      }
    }
    CollectingSink sink = new CollectingSink();
    try (Pump _ = pump("unfit", Position.START, sink)) {
      sink.awaitSize(1).await(s -> s.rejections() == 3);
    }
    assertThat(sink.arrived()).extracting(Incoming::nextOffset).containsExactly(4L);
    assertThat(temporary.resolve("rejected/0-2")).hasContent("bad apple");
    assertThat(temporary.resolve("rejected/reasons.jsonl"))
        .content()
        .contains("\"offset\":2,\"reason\":\"unknown label 'bad apple'\",\"kept\":\"0-2\"");
    assertThat(sink.notices())
        .anyMatch(n -> n.contains("expected a value of at most 16 MiB, found 17825792 bytes"));
  }

  @Test
  void aBrokerThatIsRestartedLosesNothing() throws Exception {
    broker.createTopic("restarted", 2);
    produce("restarted", 2, 0, 1000);
    CollectingSink sink = new CollectingSink();
    try (Pump _ = pump("restarted", Position.START, sink)) {
      sink.awaitSize(1000);
      broker.stop();
      sink.awaitNotice("training goes on with what is there");
      broker.restart();
      produce("restarted", 2, 1000, 2000);
      sink.awaitSize(2000).awaitNotice("answers again");
    }
    assertThat(sink.texts()).containsExactlyInAnyOrder(records(0, 2000));
    assertThat(sink.notices()).hasSize(2);
    assertThat(sink.notices().getFirst())
        .matches("WARNING no answer from kafka://.*/restarted since \\d\\d:\\d\\d:\\d\\d.*");
  }

  @Test
  void manySmallRecordsComeFast() throws Exception {
    int count = 200_000;
    broker.createTopic("fast", 1);
    byte[] value = new byte[100];
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      for (int i = 0; i < count; i++) {
        var _ = producer.send(new ProducerRecord<>("fast", value));
      }
    }
    CollectingSink sink = new CollectingSink();
    long begin = System.nanoTime();
    try (Pump _ = pump("fast", Position.START, sink)) {
      sink.awaitSize(count);
    }
    double rate = count / ((System.nanoTime() - begin) / 1e9);
    System.getLogger("KafkaSourceTest").log(System.Logger.Level.INFO, "{0} records a second", rate);
    assertThat(rate).as("records a second").isGreaterThan(20_000);
    assertThat(Set.copyOf(sink.notices())).isEmpty();
  }
}
