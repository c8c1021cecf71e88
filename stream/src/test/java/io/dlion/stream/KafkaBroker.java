package io.dlion.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dlion.core.Phrase;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;

/**
 * A real Kafka broker in KRaft mode, as a process of its own from the class path of the tests. It
 * stays at its ports when it is restarted. Its log is {@code broker.log} in its folder.
 */
public final class KafkaBroker implements AutoCloseable {
  private static final long START_SECONDS_MAX = 60;

  /** Held, or its level would be forgotten. */
  private static final Logger FORMATTER_LOG = Logger.getLogger("kafka");

  private final Path folder;
  private final String host;
  private final int port;
  private Process process;

  private KafkaBroker(Path folder, String host, int port) {
    this.folder = folder;
    this.host = host;
    this.port = port;
  }

  /** Starts a broker in an empty folder, and waits until it answers. */
  public static KafkaBroker start(Path folder) throws IOException, InterruptedException {
    return start(folder, "127.0.0.1");
  }

  /** Starts a broker that listens at another address of this machine. */
  public static KafkaBroker start(Path folder, String host)
      throws IOException, InterruptedException {
    LibraryLogs.quiet();
    FORMATTER_LOG.setLevel(Level.OFF);
    int[] ports = freePorts();
    KafkaBroker broker = new KafkaBroker(folder, host, ports[0]);
    Files.createDirectories(folder.resolve("data"));
    String text =
        Phrase.of(
            """
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@127.0.0.1:%2$d
            listeners=PLAINTEXT://%4$s:%1$d,CONTROLLER://127.0.0.1:%2$d
            advertised.listeners=PLAINTEXT://%4$s:%1$d
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
            log.dirs=%3$s
            auto.create.topics.enable=false
            offsets.topic.replication.factor=1
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            group.initial.rebalance.delay.ms=0
            num.network.threads=2
            num.io.threads=2
            background.threads=2
            log.cleaner.enable=false
            controlled.shutdown.enable=false
            message.max.bytes=33554432
            """,
            ports[0], ports[1], folder.resolve("data"), host);
    Files.writeString(folder.resolve("server.properties"), text);
    broker.format();
    broker.launch();
    return broker;
  }

  private void format() throws IOException {
    try (PrintStream log = new PrintStream(folder.resolve("format.log").toFile(), UTF_8)) {
      String[] args = {
        "format", "-t", Uuid.randomUuid().toString(), "-c", folder + "/server.properties"
      };
      if (StorageTool.execute(args, log) != 0) {
        throw new IOException("cannot format the broker's storage, see " + folder);
      }
    }
  }

  private void launch() throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path"),
            "kafka.Kafka",
            folder.resolve("server.properties").toString());
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("broker.log").toFile()))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    awaitReady();
  }

  private void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
    while (!accepts()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new IOException("the broker did not start, see " + folder.resolve("broker.log"));
      }
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    try (Admin admin = admin()) {
      admin.describeCluster().nodes().get(START_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the broker does not answer, see " + folder.resolve("broker.log"), e);
    }
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Host and port. */
  public String address() {
    return host + ":" + port;
  }

  /** A client to administer it with. */
  public Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", address(), "request.timeout.ms", 20_000));
  }

  /** Makes a topic. */
  public void createTopic(String name, int partitions) throws Exception {
    try (Admin admin = admin()) {
      admin.createTopics(Set.of(new NewTopic(name, partitions, (short) 1))).all().get();
    }
  }

  /** Ends the process, and waits for its end. */
  public void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  /** Stops it if it runs, and starts it with what it has stored. */
  public void restart() throws IOException, InterruptedException {
    stop();
    launch();
  }

  /** Ends the process at once. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private static int[] freePorts() throws IOException {
    try (ServerSocket a = new ServerSocket(0);
        ServerSocket b = new ServerSocket(0)) {
      return new int[] {a.getLocalPort(), b.getLocalPort()};
    }
  }
}
