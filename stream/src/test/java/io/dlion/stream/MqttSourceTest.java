package io.dlion.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.stream.Incoming;
import io.dlion.core.stream.Position;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against mosquitto; skipped where it is not installed. */
class MqttSourceTest {
  @TempDir Path temporary;
  private int port;
  private Process broker;

  @BeforeEach
  void startBroker() throws Exception {
    Path mosquitto =
        Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin"))
            .map(folder -> Path.of(folder, "mosquitto"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    assumeTrue(mosquitto != null, "mosquitto is not installed: apt-get install mosquitto");
    if (port == 0) {
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
    }
    Path data = Files.createDirectories(temporary.resolve("mosquitto"));
    Path settings =
        Files.writeString(
            temporary.resolve("mosquitto.conf"),
            Phrase.of(
                """
                listener %d 127.0.0.1
                allow_anonymous true
                persistence true
                persistence_location %s/
                user %s
                max_queued_messages 0
                """,
                port, data, System.getProperty("user.name")));
    broker =
        new ProcessBuilder(mosquitto.toString(), "-c", settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(temporary.resolve("mosquitto.log").toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!accepts()) {
      assertThat(System.nanoTime()).as("mosquitto starts").isLessThan(deadline);
      broker.waitFor(20, TimeUnit.MILLISECONDS);
    }
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @AfterEach
  void stopBroker() throws InterruptedException {
    if (broker != null) {
      broker.destroy();
      broker.waitFor();
    }
  }

  private StreamAddress.Mqtt address(String filter) {
    return (StreamAddress.Mqtt) StreamAddress.parse("mqtt://127.0.0.1:" + port + "/" + filter);
  }

  private Pump pump(Position from, CollectingSink sink) {
    MqttSource source =
        new MqttSource(address("site/+"), "worker-1", temporary.resolve("spool"), 1 << 20);
    Pump pump = new Pump(() -> source, new TextDecoder(), temporary.resolve("rejected"));
    pump.start(from, sink);
    return pump;
  }

  private void publish(String topic, int from, int to) throws MqttException {
    MqttConnectOptions options = new MqttConnectOptions();
    options.setMaxInflight(1000);
    try (MqttClient client =
        new MqttClient("tcp://127.0.0.1:" + port, "sensor", new MemoryPersistence())) {
      client.connect(options);
      for (int i = from; i < to; i++) {
        client.publish(topic, ("record " + i).getBytes(UTF_8), 1, false);
      }
      client.disconnect();
    }
  }

  private static String[] records(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "record " + i).toArray(String[]::new);
  }

  @Test
  void messagesOfAFilterComeAndThoseMeanwhileToo() throws Exception {
    CollectingSink sink = new CollectingSink();
    try (Pump _ = pump(Position.START, sink)) {
      publish("site/a", 0, 50);
      publish("elsewhere", 50, 60);
      publish("site/b", 60, 70);
      sink.awaitSize(60).await(s -> s.lastBacklog() == 0);
    }
    assertThat(sink.texts()).startsWith(records(0, 50)).endsWith(records(60, 70)).hasSize(60);
    assertThat(sink.arrived()).extracting(Incoming::nextOffset).startsWith(1L, 2L).endsWith(60L);
    assertThat(sink.arrived()).allMatch(i -> i.ageNanos() < TimeUnit.SECONDS.toNanos(20));

    publish("site/a", 70, 90); // kept by the broker
    CollectingSink later = new CollectingSink();
    try (Pump _ = pump(Position.parse("spool=55"), later)) {
      later.awaitSize(25);
    }
    assertThat(later.texts()).startsWith(records(65, 70)).endsWith(records(70, 90)).hasSize(25);
    assertThat(sink.notices()).isEmpty();
    assertThat(later.notices()).isEmpty();
  }

  @Test
  void aBrokerThatIsRestartedLosesNothing() throws Exception {
    CollectingSink sink = new CollectingSink();
    try (Pump _ = pump(Position.START, sink)) {
      publish("site/a", 0, 100);
      sink.awaitSize(100);
      stopBroker();
      sink.awaitNotice("training goes on with what is there");
      startBroker();
      sink.awaitNotice("answers again");
      publish("site/a", 100, 200);
      sink.awaitSize(200);
    }
    assertThat(sink.texts()).containsExactly(records(0, 200));
    assertThat(sink.notices()).hasSize(2);
  }

  @Test
  void aBrokerThatDoesNotAnswerIsAnError() throws Exception {
    stopBroker();
    assertThatThrownBy(
            () -> new MqttSource(address("x"), "worker-1", temporary.resolve("spool"), 1 << 20))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("127.0.0.1:" + port + "/x: expected an MQTT broker, found none");
  }
}
