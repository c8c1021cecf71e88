package io.dlion.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlion.cli.console.Console;
import io.dlion.cluster.line.FreePort;
import io.dlion.core.Phrase;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.record.FileExamples;
import io.dlion.data.record.RecordEncoder;
import io.dlion.data.record.StreamedData;
import io.dlion.stream.KafkaBroker;
import io.dlion.stream.RecordHash;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs that learn from streams, from the command to the result. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamRunTest {
  @TempDir private Path folder;
  private final List<DlionProcess> processes = new ArrayList<>();
  private long count;
  private long hash;

  @AfterEach
  void end() {
    processes.forEach(DlionProcess::close);
  }

  private Path runs() {
    return folder.resolve("runs");
  }

  private Path latest() {
    return runs().resolve("latest");
  }

  private DlionProcess start(String... arguments) throws IOException {
    Path log = folder.resolve("process" + processes.size() + ".log");
    DlionProcess process = DlionProcess.start(log, List.of(arguments));
    processes.add(process);
    return process;
  }

  private DlionProcess train(String stream, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--stream",
                stream,
                "--model",
                "logistic",
                "--workers",
                "2",
                "--threads",
                "1",
                "--out",
                runs().toString()));
    arguments.addAll(List.of(more));
    return start(arguments.toArray(new String[0]));
  }

  private static JsonNode result(Path run) throws IOException {
    return new ObjectMapper().readTree(run.resolve("result.json").toFile());
  }

  private static String rejections(Path run) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(run.resolve("stream"))) {
      for (Path file : files.filter(f -> f.endsWith("reasons.jsonl")).toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  private void assertEachOnce(JsonNode result) {
    assertThat(result.path("recordsLearned").asLong()).isEqualTo(count);
    assertThat(result.path("recordsHash").asText()).isEqualTo(Phrase.of("%016x", hash));
  }

  @Test
  void aGeneratedStreamIsLearnedFromUntilTheTimeIsOver() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Console console = Console.plain(out, out);
    String[] arguments = {
      "train",
      "--stream",
      "generated:drifting?rate=500&sudden=0",
      "--time",
      "5s",
      "--workers",
      "2",
      "--threads",
      "1",
      "--set",
      "stream.test=0.1",
      "--out",
      runs().toString()
    };
    assertThat(Main.run(arguments, console, Main.commands(console)))
        .as(out.toString(UTF_8))
        .isZero();
    JsonNode result = result(latest());
    assertThat(result.path("stoppedBy").asText()).isEqualTo("time");
    assertThat(result.path("recordsLearned").asLong()).isBetween(50L, 5500L);
    assertThat(result.path("recordsTested").asLong()).isPositive();
    assertThat(result.path("recordsRejected").asLong()).isZero();
    assertThat(result.path("recordsShed").asLong()).isZero();
    assertThat(result.path("prequentialAccuracy").asDouble()).isBetween(0.3, 1.0);
    assertThat(result.path("recordsHash").asText()).matches("[0-9a-f]{16}");
    assertThat(result.path("drifts").isArray()).isTrue();
    assertThat(result.path("freshnessSeconds").has("p50")).isTrue();
    assertThat(result.path("freshnessSeconds").has("p99")).isTrue();
    long both = 0;
    for (JsonNode worker : result.path("workers")) {
      assertThat(worker.path("prequentialAccuracy").isNumber()).isTrue();
      both += worker.path("recordsLearned").asLong();
    }
    assertThat(both).isEqualTo(result.path("recordsLearned").asLong());
    assertThat(latest().resolve("job.yaml"))
        .content()
        .contains("stream: \"generated:drifting?rate=500&sudden=0\"");
    assertThat(out.toString(UTF_8)).contains("records learned, predicted before with");
  }

  // ---- folders

  /** Lets a file appear in a watched folder, whole. */
  private static void appear(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    Path hidden = file.resolveSibling("." + file.getFileName());
    Files.write(hidden, content);
    Files.move(hidden, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static byte[] png(long seed) throws IOException {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 64; i++) {
      image.getRaster().setSample(i % 8, i / 8, 0, random.nextInt(256));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  private static void images(Path watched, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      appear(watched.resolve(i % 2 == 0 ? "cat" : "dog").resolve(i + ".png"), png(i));
    }
  }

  /** Counts and hashes what lies in a folder, encoded as the run's examples are. */
  private void expect(Path watched, Path run, String ending) throws Exception {
    Path kept = run.resolve("preprocessing.json");
    DataSet data =
        StreamedData.encoded(
            watched.toString(), Preprocessing.parse(Files.readString(kept), kept.toString()));
    RecordEncoder encoder = RecordEncoder.ofFiles(data, DataOptions.defaults());
    count = 0;
    hash = 0;
    try (Stream<Path> files = Files.walk(watched)) {
      for (Path file : files.filter(f -> f.toString().endsWith(ending)).toList()) {
        FileExamples examples = encoder.open(watched, file);
        for (int row = 0; row < examples.count(); row++) {
          count++;
          hash += RecordHash.of(examples.example(row));
        }
      }
    }
  }

  @Test
  void eachImageThatAppearsIsLearnedOnceAndBrokenOnesAreKeptWithTheirReasons() throws Exception {
    Path watched = folder.resolve("watched");
    images(watched, 0, 20);
    DlionProcess first = train(watched.toString());
    first.awaitRecords(runs(), 20, 0);
    images(watched, 20, 50);
    Path bird = watched.resolve("bird/1.png");
    Path broken = watched.resolve("cat/broken.png");
    appear(bird, png(1000));
    appear(broken, java.util.Arrays.copyOf(png(1001), 60));
    first.awaitRecords(runs(), 50, 2);
    images(watched, 50, 70); // with these learned, nobody asks for what was rejected again
    first.awaitRecords(runs(), 70, 2);
    first.stop();
    Path run = latest().toRealPath();
    Files.delete(bird);
    Files.delete(broken);
    expect(watched, run, ".png");
    assertThat(count).isEqualTo(70);
    JsonNode result = result(run);
    assertEachOnce(result);
    assertThat(result.path("recordsRejected").asLong()).isEqualTo(2);
    assertThat(result.path("stoppedBy").asText()).isEqualTo("request");
    assertThat(rejections(run)).contains("bird").contains("broken.png");
    assertThat(rejections(run).lines()).hasSize(2);

    images(watched, 70, 80);
    DlionProcess second = start("train", "--resume", run.toString());
    second.awaitRecords(runs(), 80, 2);
    second.stop();
    expect(watched, run, ".png");
    assertThat(count).isEqualTo(80);
    assertEachOnce(result(run));
    assertThat(result(run).path("recordsRejected").asLong()).isEqualTo(2);
  }

  private static byte[] rows(int from, int to, String more) {
    StringBuilder text = new StringBuilder("a,b,y\n");
    for (int i = from; i < to; i++) {
      double a = (i * 37 % 101) / 101.0;
      double b = (i * 53 % 97) / 97.0;
      text.append(a).append(',').append(b).append(',').append(a > b ? "more" : "less").append('\n');
    }
    return text.append(more).toString().getBytes(UTF_8);
  }

  @Test
  void rowsOfTablesThatAppearAreLearnedOnce() throws Exception {
    Path watched = folder.resolve("tables");
    appear(watched.resolve("0.csv"), rows(0, 100, ""));
    DlionProcess process = train(watched.toString(), "--set", "stream.idle=rest");
    process.awaitRecords(runs(), 100, 0);
    appear(watched.resolve("1.csv"), rows(100, 180, "0.5,much,more\n0.5,0.1,equal\n"));
    appear(watched.resolve("2.csv"), rows(180, 200, ""));
    process.awaitRecords(runs(), 200, 2);
    process.stop();
    appear(watched.resolve("1.csv"), rows(100, 180, "")); // the same without what is rejected
    expect(watched, latest(), ".csv");
    assertThat(count).isEqualTo(200);
    assertEachOnce(result(latest()));
    assertThat(result(latest()).path("recordsRejected").asLong()).isEqualTo(2);
    assertThat(rejections(latest())).contains("much").contains("equal");
  }

  // ---- Kafka

  private void produce(KafkaBroker broker, String topic, int from, int to) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.address()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = from; i < to; i++) {
        double a = (i * 37 % 101) / 101.0;
        double b = (i * 53 % 97) / 97.0;
        String json =
            Phrase.of(
                "{\"n\":\"%s-%d\",\"a\":%s,\"b\":%s,\"y\":\"%s\"}",
                topic, i, a, b, a > b ? "more" : "less");
        byte[] value = json.getBytes(UTF_8);
        var _ = producer.send(new ProducerRecord<>(topic, i % 2, null, value));
        count++;
        hash += RecordHash.of(value);
      }
    }
  }

  private void produceToBoth(KafkaBroker broker, int from, int to) {
    produce(broker, "site-w1", from, to);
    produce(broker, "site-w2", from, to);
  }

  @Test
  void recordsOfTopicsAreLearnedOnceThoughTheBrokerAndTheRunAreStopped() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"))) {
      broker.createTopic("site-w1", 2);
      broker.createTopic("site-w2", 2);
      produceToBoth(broker, 0, 200);
      DlionProcess first =
          train(
              "kafka://" + broker.address() + "/site-{worker}",
              "--schema",
              "format=json",
              "--schema",
              "features=a,b",
              "--schema",
              "label=y",
              "--schema",
              "classes=less,more",
              "--schema",
              "mean=0.5",
              "--schema",
              "std=0.3");
      first.awaitRecords(runs(), count, 0);
      broker.restart();
      produceToBoth(broker, 200, 400);
      first.awaitRecords(runs(), count, 0);
      first.stop();
      Path run = latest().toRealPath();
      assertEachOnce(result(run));

      produceToBoth(broker, 400, 500);
      DlionProcess second = start("train", "--resume", run.toString());
      second.awaitRecords(runs(), count, 0);
      second.stop();
      assertEachOnce(result(run));
      assertThat(result(run).path("recordsRejected").asLong()).isZero();
    }
  }

  // ---- processes

  private DlionProcess worker(String name, int port, int seed, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "worker",
                "--name",
                name,
                "--bind",
                "127.0.0.1:" + port,
                "--seeds",
                "127.0.0.1:" + seed,
                "--insecure",
                "--threads",
                "1"));
    arguments.addAll(List.of(more));
    return start(arguments.toArray(new String[0]));
  }

  private DlionProcess begins(String name, int port, int seed, Path watched, int metricsPort)
      throws IOException {
    return worker(
        name,
        port,
        seed,
        "--min-workers",
        "2",
        "--stream",
        watched.resolve("{worker}").toString(),
        "--model",
        "logistic",
        "--set",
        "checkpoint.every=0.05",
        "--metrics-port",
        Integer.toString(metricsPort),
        "--out",
        runs().resolve(name).toString());
  }

  /** What alerts and dashboards ask for, where a worker learns from a stream. */
  private static void assertMetrics(int port) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      String served =
          client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
      assertThat(served)
          .contains(
              "dlion_stream_records_learned_total{worker=\"w1\"} 400.0",
              "dlion_stream_records_rejected_total{worker=\"w1\"} 0.0",
              "dlion_stream_records_shed_total{worker=\"w1\"} 0.0",
              "dlion_stream_queue_records{worker=\"w1\"} 0.0",
              "dlion_stream_backlog_records{worker=\"w1\"} 0.0",
              "dlion_stream_arrivals_per_second{worker=\"w1\"}",
              "dlion_stream_freshness_seconds{quantile=\"0.99\",worker=\"w1\"}",
              "dlion_stream_drifts_total{scope=\"site\",worker=\"w1\"}",
              "dlion_stream_prequential_accuracy{kind=\"window\",scope=\"cluster\"");
    }
  }

  @Test
  void aWorkerThatIsKilledLearnsEachRecordOfItsStreamOnceAfterAll() throws Exception {
    Path watched = folder.resolve("sites");
    appear(watched.resolve("w1/0.csv"), rows(0, 400, ""));
    appear(watched.resolve("w2/0.csv"), rows(1000, 1400, ""));
    int seed = FreePort.next();
    int metricsPort = FreePort.next();
    DlionProcess one = begins("w1", seed, seed, watched, metricsPort);
    DlionProcess two = begins("w2", FreePort.next(), seed, watched, FreePort.next());
    Path second = runs().resolve("w2");
    Path checkpoint = second.resolve("latest/checkpoints/w2.safetensors");
    two.awaitRecords(second, 400, 0);
    two.await("a checkpoint", () -> Files.exists(checkpoint));
    appear(watched.resolve("w2/1.csv"), rows(1400, 2000, ""));
    two.awaitRecords(second, 401, 0);
    two.kill();
    assertMetrics(metricsPort);
    Path run = second.resolve("latest").toRealPath();

    one.await("that w2 is gone", () -> one.said().contains("lost w2"));
    DlionProcess again = worker("w2", FreePort.next(), seed, "--resume", run.toString());
    appear(watched.resolve("w2/2.csv"), rows(2000, 2100, ""));
    again.await("that it takes part", () -> one.said().contains("w2 takes part, at iteration"));
    again.awaitRecords(second, 1100, 0);
    again.stop();
    one.stop();
    expect(watched.resolve("w2"), run, ".csv");
    assertThat(count).isEqualTo(1100);
    assertEachOnce(result(run));
    Path first = runs().resolve("w1/latest");
    expect(watched.resolve("w1"), first, ".csv");
    assertEachOnce(result(first));
  }
}
