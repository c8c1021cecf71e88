package io.dlion.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlion.stream.KafkaBroker;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What records that are taken in cost training: 50,000 small ones a second from a Kafka topic,
 * while one worker trains. And how fast a watched folder of 10,000 small images is taken in. The
 * queue sheds, so that learning does not hold the source back. Each run is a process of its own;
 * {@code benchmarks/run StreamIntake OUT}.
 */
public final class StreamIntake {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int RECORDS_PER_SECOND = 50_000;
  private static final int IMAGES = 10_000;
  private static final int FEATURES = 20;
  private static final int SECONDS = 20;

  private final Path out;

  private StreamIntake(Path out) {
    this.out = out;
  }

  /** Runs both; the argument is a folder for everything. */
  public static void main(String[] args) throws Exception {
    StreamIntake intake = new StreamIntake(Path.of(args[0]).toAbsolutePath());
    Files.createDirectories(intake.out);
    intake.kafka();
    intake.folder();
    System.exit(0);
  }

  private void kafka() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(out.resolve("broker"))) {
      broker.createTopic("small", 1);
      List<String> common =
          List.of("--data", "generated:drifting", "--model", "mlp", "--set", "batching.growth=off");
      double alone = samplesPerSecond(train("memory", common, List.of()));
      List<String> stream =
          List.of(
              "--stream",
              "kafka://" + broker.address() + "/small",
              "--schema",
              "format=raw",
              "--set",
              "stream.shed=oldest",
              "--set",
              "replay.passes=0");
      Thread writer = Thread.ofPlatform().daemon().start(() -> write(broker));
      Path run = train("kafka", common, stream);
      writer.interrupt();
      writer.join();
      System.out.printf(
          Locale.ROOT,
          "Kafka: %,.0f records/s taken in; training %,.0f samples/s, %.3f of training from memory%n",
          takenPerSecond(run),
          samplesPerSecond(run),
          samplesPerSecond(run) / alone);
    }
  }

  private static void write(KafkaBroker broker) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker.address(), "linger.ms", 20, "batch.size", 262_144);
    SplittableRandom random = new SplittableRandom(1);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      long begin = System.nanoTime();
      for (long i = 0; !Thread.interrupted(); i++) {
        long early = begin + i * 1_000_000_000L / RECORDS_PER_SECOND - System.nanoTime();
        if (early > 0) {
          LockSupport.parkNanos(Math.max(early, 10_000_000));
        }
        ByteBuffer record = ByteBuffer.allocate(4 * FEATURES + 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int f = 0; f < FEATURES; f++) {
          record.putFloat((float) random.nextGaussian());
        }
        record.putFloat(random.nextInt(5));
        var _ = producer.send(new ProducerRecord<>("small", record.array()));
      }
    }
  }

  private void folder() throws Exception {
    Path images = out.resolve("images");
    Path begin = out.resolve("begin");
    for (int c = 0; c < 10; c++) {
      Files.createDirectories(images.resolve("class" + c));
      Files.createDirectories(begin.resolve("class" + c));
    }
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < IMAGES + 200; i++) {
      Path folder = i < IMAGES ? images : begin;
      image(random, folder.resolve("class" + i % 10 + "/" + i + ".png"));
    }
    Path run =
        train(
            "folder",
            List.of("--data", begin.toString(), "--model", "cnn-small"),
            List.of("--stream", images.toString(), "--set", "stream.shed=oldest"));
    System.out.printf(
        Locale.ROOT, "folder: %,.0f images of 28×28 a second taken in%n", takenPerSecond(run));
  }

  private static void image(SplittableRandom random, Path file) throws IOException {
    BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < 28; y++) {
      for (int x = 0; x < 28; x++) {
        image.getRaster().setSample(x, y, 0, random.nextInt(256));
      }
    }
    ImageIO.write(image, "png", file.toFile());
  }

  private Path train(String name, List<String> common, List<String> stream) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "io.dlion.cli.Main",
            "train",
            "--workers",
            "1",
            "--threads",
            "1",
            "--set",
            "batching.local=fixed",
            "--set",
            "batching.initial=64",
            "--time",
            SECONDS + "s",
            "--out",
            out.resolve(name).toString()));
    command.addAll(common);
    command.addAll(stream);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(out.resolve(name + ".log").toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("see " + out.resolve(name + ".log"));
    }
    try (Stream<Path> runs = Files.list(out.resolve(name))) {
      return runs.filter(p -> !Files.isSymbolicLink(p)).findFirst().orElseThrow();
    }
  }

  private static double samplesPerSecond(Path run) throws IOException {
    return JSON.readTree(run.resolve("result.json").toFile()).get("samplesPerSecond").asDouble();
  }

  /** From the first report in which records had come to the first in which no more did. */
  private static double takenPerSecond(Path run) throws IOException {
    double from = Double.NaN;
    double to = Double.NaN;
    long first = 0;
    long last = 0;
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      if (!line.contains("\"kind\":\"stream\"")) {
        continue;
      }
      JsonNode stream = JSON.readTree(line);
      long taken =
          stream.get("learned").asLong()
              + stream.get("shed").asLong()
              + stream.get("queued").asLong();
      if (taken > 0 && Double.isNaN(from)) {
        from = stream.get("t").asDouble();
        first = taken;
      }
      if (taken > last) {
        to = stream.get("t").asDouble();
        last = taken;
      }
    }
    return (last - first) / (to - from);
  }
}
