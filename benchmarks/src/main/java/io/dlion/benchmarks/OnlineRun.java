package io.dlion.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlion.stream.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A run that learns from streams and is disturbed: three workers in processes of their own, each
 * with a topic of its own at a real Kafka broker. On the way the labels change, a worker is killed
 * with {@code kill -9} and started again, and the broker is stopped for a while. At the end every
 * record that was written must have been learned from exactly once: counted, and compared by the
 * sum of hashes. {@code benchmarks/online} runs it.
 */
public final class OnlineRun {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int WORKERS = 3;
  private static final double DRIFT_AT = 0.5;
  private static final double KILL_AT = 0.3;
  private static final double BROKER_AT = 0.7;
  private static final long AWAY_MILLIS = 15_000;
  private static final long CATCH_UP_SECONDS = 240;

  private final Path out;
  private final List<String> options;
  private final String brokerHost;
  private final String netPrefix;
  private final Process[] workers = new Process[WORKERS];
  private final long beganNanos = System.nanoTime();

  private OnlineRun(Path out, String brokerHost, String netPrefix, List<String> options) {
    this.out = out;
    this.options = options;
    this.brokerHost = brokerHost;
    this.netPrefix = netPrefix;
  }

  /**
   * Runs it.
   *
   * @param args folder for everything; IDX folder with the images; seconds; records a second and
   *     worker; address of the broker; prefix of the namespaces, or {@code -}; options of {@code
   *     dlion worker}
   */
  public static void main(String[] args) throws Exception {
    Path out = Path.of(args[0]).toAbsolutePath();
    Path images = Path.of(args[1]).toAbsolutePath();
    double seconds = Double.parseDouble(args[2]);
    double rate = Double.parseDouble(args[3]);
    OnlineRun run = new OnlineRun(out, args[4], args[5], List.of(args).subList(6, args.length));
    System.exit(run.run(images, seconds, rate) ? 0 : 1);
  }

  private boolean run(Path images, double seconds, double rate) throws Exception {
    Files.createDirectories(out);
    Path begin = IdxRecords.writeBeginning(images, out.resolve("begin"), 1000);
    IdxRecords records = IdxRecords.read(images);
    try (KafkaBroker broker = KafkaBroker.start(out.resolve("broker"), brokerHost)) {
      for (int w = 1; w <= WORKERS; w++) {
        broker.createTopic("w" + w, 2);
      }
      Runtime.getRuntime().addShutdownHook(new Thread(this::killAll));
      for (int w = 1; w <= WORKERS; w++) {
        workers[w - 1] = start(w, broker, begin, Optional.empty());
      }
      awaitTraining();
      say("all train");
      TopicWriter writer = new TopicWriter(broker.address(), records, WORKERS, rate);
      long start = System.nanoTime();
      writer.start(start, (long) (seconds * DRIFT_AT * 1e9));
      disturb(broker, begin, start, seconds);
      sleepUntil(start, seconds);
      writer.stop();
      say(String.format(Locale.ROOT, "%,d records written, no more come", writer.count()));
      boolean caughtUp = awaitLearned(writer.count());
      say(caughtUp ? "all are learned" : "NOT all are learned");
      return finish(writer);
    }
  }

  private void disturb(KafkaBroker broker, Path begin, long start, double seconds)
      throws Exception {
    sleepUntil(start, seconds * KILL_AT);
    workers[0].destroyForcibly().waitFor();
    say("w1 killed");
    TimeUnit.MILLISECONDS.sleep(AWAY_MILLIS);
    workers[0] = start(1, broker, begin, Optional.of(folder(1)));
    say("w1 started again");
    sleepUntil(start, seconds * DRIFT_AT);
    say("labels change");
    sleepUntil(start, seconds * BROKER_AT);
    broker.stop();
    say("broker stopped");
    TimeUnit.MILLISECONDS.sleep(AWAY_MILLIS);
    broker.restart();
    say("broker started again");
  }

  private void sleepUntil(long start, double seconds) throws InterruptedException {
    long left = start + (long) (seconds * 1e9) - System.nanoTime();
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }

  private void say(String text) {
    System.out.printf(Locale.ROOT, "%6.1f s  %s%n", (System.nanoTime() - beganNanos) / 1e9, text);
  }

  // ---- workers

  private Process start(int w, KafkaBroker broker, Path begin, Optional<Path> resume)
      throws IOException {
    boolean net = !netPrefix.equals("-");
    List<String> command = new ArrayList<>();
    if (net) {
      command.addAll(List.of("ip", "netns", "exec", netPrefix + w));
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "io.dlion.cli.Main",
            "worker",
            "--name",
            "w" + w,
            "--bind",
            net ? "10.77.92." + w + ":7800" : "127.0.0.1:" + (7900 + w),
            "--seeds",
            net ? "10.77.92.1:7800,10.77.92.2:7800" : "127.0.0.1:7901,127.0.0.1:7902",
            "--min-workers",
            "3",
            "--threads",
            "1"));
    command.addAll(
        net ? List.of("--certs", out.resolve("ca/w" + w).toString()) : List.of("--insecure"));
    if (resume.isPresent()) {
      command.addAll(List.of("--resume", resume.get().toString()));
    } else {
      command.addAll(
          List.of(
              "--data",
              begin.toString(),
              "--stream",
              "kafka://" + broker.address() + "/{worker}",
              "--schema",
              "format=raw",
              "--out",
              out.resolve("runs" + w).toString()));
      command.addAll(options);
    }
    String log = w + (resume.isPresent() ? "-again" : "") + ".log";
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(out.resolve(log).toFile())
        .start();
  }

  private void killAll() {
    for (Process worker : workers) {
      if (worker != null) {
        worker.destroyForcibly();
      }
    }
  }

  private Path folder(int w) throws IOException {
    try (Stream<Path> runs = Files.list(out.resolve("runs" + w))) {
      return runs.filter(Files::isDirectory)
          .filter(p -> !Files.isSymbolicLink(p))
          .findFirst()
          .orElseThrow();
    }
  }

  private void awaitTraining() throws Exception {
    for (int w = 1; w <= WORKERS; w++) {
      while (lastOfStream(w).isEmpty()) {
        if (!workers[w - 1].isAlive()) {
          throw new IOException("w" + w + " has ended, see " + out.resolve(w + ".log"));
        }
        TimeUnit.MILLISECONDS.sleep(500);
      }
    }
  }

  private Optional<JsonNode> lastOfStream(int w) {
    try {
      Optional<String> line =
          Files.readAllLines(folder(w).resolve("metrics.jsonl")).stream()
              .filter(l -> l.endsWith("}") && l.contains("\"kind\":\"stream\""))
              .reduce((a, b) -> b);
      return line.isPresent() ? Optional.of(JSON.readTree(line.get())) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private boolean awaitLearned(long written) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(CATCH_UP_SECONDS);
    while (System.nanoTime() < until) {
      long learned = 0;
      for (int w = 1; w <= WORKERS; w++) {
        learned += lastOfStream(w).map(line -> line.get("learned").asLong()).orElse(0L);
      }
      if (learned >= written) {
        return true;
      }
      TimeUnit.SECONDS.sleep(1);
    }
    return false;
  }

  // ---- the end

  private boolean finish(TopicWriter writer) throws Exception {
    for (Process worker : workers) {
      worker.destroy(); // SIGTERM
    }
    boolean good = true;
    for (int w = 1; w <= WORKERS; w++) {
      if (!workers[w - 1].waitFor(120, TimeUnit.SECONDS)) {
        say("w" + w + " does not end");
        return false;
      }
      JsonNode result = JSON.readTree(folder(w).resolve("result.json").toFile());
      long learned = result.get("recordsLearned").asLong();
      String hash = result.get("recordsHash").asText();
      String expected = String.format(Locale.ROOT, "%016x", writer.hash(w));
      boolean once = learned == writer.count(w) && hash.equals(expected);
      good &= once;
      System.out.printf(
          Locale.ROOT,
          "w%d: %,d records written with hash %s, %,d learned with hash %s: %s%n"
              + "    prequential %.1f %%, rejected %s, freshness %s, drifts %s%n",
          w,
          writer.count(w),
          expected,
          learned,
          hash,
          once ? "each exactly once" : "DIFFERENT",
          100 * result.get("prequentialAccuracy").asDouble(),
          result.get("recordsRejected"),
          result.get("freshnessSeconds"),
          result.get("drifts"));
    }
    System.out.println(good ? "every record was learned from exactly once" : "FAILED");
    return good;
  }
}
