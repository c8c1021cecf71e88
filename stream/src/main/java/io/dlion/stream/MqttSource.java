package io.dlion.stream;

import io.dlion.core.UserError;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.stream.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallbackExtended;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.jspecify.annotations.Nullable;

/**
 * Topics of an MQTT broker, with QoS 1 and a session that the broker keeps. A message is
 * acknowledged once it is in a local {@link Spool}; records are polled from there. The one
 * partition is {@code spool}; an offset is the number of a message in it.
 *
 * <p>With QoS 1 the broker delivers a message again where it got no acknowledgement. Such a message
 * is marked, and is dropped if it is one of the last 256 in the spool (same number of the broker,
 * same payload). A message is in the stream twice only where the mark or the spool's end is lost.
 *
 * <p>{@code properties} of the address: {@code username} and {@code password}; all names with a dot
 * are settings of TLS as Eclipse Paho names them, such as {@code com.ibm.ssl.trustStore}.
 */
public final class MqttSource implements RecordSource {
  /** The name of the partition. */
  public static final String PARTITION = "spool";

  /** What a spool holds at most by default. */
  public static final long SPOOL_BYTES_MAX = 1_000_000_000;

  private static final long SEGMENT_BYTES = 16_000_000;
  private static final int VALUE_BYTES_MAX = 16 << 20;
  private static final int START_SECONDS_MAX = 10;
  private static final int RETRY_MILLIS_MAX = 10_000;
  private static final int REMEMBERED = 256;
  private static final int QOS = 1;

  private final StreamAddress.Mqtt address;
  private final Spool spool;
  private final MqttAsyncClient client;
  private final Queue<RawRecord.Remark> remarks = new ConcurrentLinkedQueue<>();
  private final Outage outage;
  private final Arrivals arrivals;
  private final ArrivalClock clock = new ArrivalClock();

  /**
   * Connects and subscribes.
   *
   * @param clientId names the session at the broker: the same after a restart, and no other's
   * @param spoolFolder of this worker alone
   * @param spoolBytesMax the oldest messages are dropped where there is more
   * @throws UserError where no broker answers within 10 s, or it refuses
   */
  public MqttSource(
      StreamAddress.Mqtt address, String clientId, Path spoolFolder, long spoolBytesMax) {
    LibraryLogs.quiet();
    this.address = address;
    outage = new Outage(address.address(), remarks::add);
    spool =
        new Spool(
            spoolFolder, Math.min(SEGMENT_BYTES, spoolBytesMax / 4), spoolBytesMax, this::warn);
    MqttConnectOptions options = options(address);
    try {
      arrivals = new Arrivals();
      String uri = (address.tls() ? "ssl://" : "tcp://") + address.host();
      client = new MqttAsyncClient(uri, clientId, new MemoryPersistence());
    } catch (MqttException | IOException | IllegalArgumentException e) {
      spool.close();
      throw new UserError("stream " + address.address() + ": cannot begin: " + e, e);
    }
    try {
      client.setManualAcks(true);
      client.setCallback(arrivals);
      client.connect(options).waitForCompletion(TimeUnit.SECONDS.toMillis(START_SECONDS_MAX));
      client
          .subscribe(address.filter(), QOS)
          .waitForCompletion(TimeUnit.SECONDS.toMillis(START_SECONDS_MAX));
    } catch (MqttException e) {
      close();
      throw refused(e);
    }
  }

  private UserError refused(MqttException e) {
    boolean silent =
        e.getReasonCode() == MqttException.REASON_CODE_CLIENT_TIMEOUT
            || e.getReasonCode() == MqttException.REASON_CODE_SERVER_CONNECT_ERROR;
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new UserError(
        "stream "
            + address.address()
            + (silent
                ? ": expected an MQTT broker, found none that answers within 10 s; start it, or"
                    + " correct its host and port"
                : ": the broker refuses: " + cause.getMessage()),
        e);
  }

  private static MqttConnectOptions options(StreamAddress.Mqtt address) {
    Properties settings = ClientProperties.read(address.properties());
    MqttConnectOptions options = new MqttConnectOptions();
    options.setCleanSession(false);
    options.setAutomaticReconnect(true);
    options.setMaxReconnectDelay(RETRY_MILLIS_MAX);
    options.setConnectionTimeout(START_SECONDS_MAX);
    options.setKeepAliveInterval(10);
    if (settings.remove("username") instanceof String name) {
      options.setUserName(name);
    }
    if (settings.remove("password") instanceof String password) {
      options.setPassword(password.toCharArray());
    }
    if (address.tls() && !settings.isEmpty()) {
      options.setSSLProperties(settings);
    }
    return options;
  }

  private void warn(String text) {
    remarks.add(new RawRecord.Remark(Severity.WARNING, address.address() + ": " + text));
  }

  /** What the client's thread does with messages. */
  private final class Arrivals implements MqttCallbackExtended {
    /** A message, as far as a second delivery of it is the same. */
    private record Seen(int brokerId, long hash) {}

    private final Deque<Seen> lately = new ArrayDeque<>();

    Arrivals() throws IOException {
      for (Spool.Entry entry : spool.last(REMEMBERED)) {
        lately.add(new Seen(entry.brokerId(), RecordHash.of(entry.payload())));
      }
    }

    @Override
    public synchronized void messageArrived(String topic, MqttMessage message) throws Exception {
      byte[] payload = message.getPayload();
      Seen seen = new Seen(message.getId(), RecordHash.of(payload));
      if (!message.isDuplicate() || !lately.contains(seen)) {
        try {
          spool.append(System.currentTimeMillis(), message.getId(), payload);
        } catch (IOException e) {
          // Without an acknowledgement the broker keeps the message; the connection is made anew.
          warn("cannot write the spool: " + e);
          throw e;
        }
        lately.add(seen);
        if (lately.size() > REMEMBERED) {
          lately.removeFirst();
        }
      }
      client.messageArrivedComplete(message.getId(), message.getQos());
    }

    @Override
    public void connectComplete(boolean again, String uri) {
      outage.answered();
      if (again) {
        try {
          client.subscribe(address.filter(), QOS); // the broker may have lost the session
        } catch (MqttException e) {
          warn("cannot subscribe: " + e);
        }
      }
    }

    @Override
    public void connectionLost(Throwable cause) {
      outage.failed("");
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {}
  }

  @Override
  public List<RawRecord> poll(int max, long waitNanos) throws InterruptedException {
    if (remarks.isEmpty()) {
      spool.await(TimeUnit.NANOSECONDS.toMillis(waitNanos));
    }
    List<RawRecord> records = new ArrayList<>();
    String jump = clock.look();
    if (jump != null) {
      warn(jump);
    }
    for (RawRecord.@Nullable Remark r = remarks.poll(); r != null; r = remarks.poll()) {
      records.add(r);
    }
    try {
      for (int i = 0; i < max; i++) {
        Spool.Entry entry = spool.poll();
        if (entry == null) {
          break;
        }
        records.add(record(entry));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return records;
  }

  private RawRecord record(Spool.Entry entry) {
    // Workers that share a topic number its messages in different ways: they deal by content.
    byte[] value = entry.payload();
    long hash = RecordHash.of(value);
    if (value.length > VALUE_BYTES_MAX) {
      return new RawRecord.Unfit(
          value,
          PARTITION,
          entry.number(),
          "expected a value of at most 16 MiB, found " + value.length + " bytes",
          "too large",
          hash);
    }
    return new RawRecord.Message(
        value, PARTITION, entry.number() + 1, clock.ageNanos(entry.arrivedMillis()), hash);
  }

  @Override
  public Position position() {
    return Position.START.after(PARTITION, spool.position());
  }

  @Override
  public void seek(Position from) {
    try {
      spool.seek(from.offset(PARTITION));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void release(Position learned) {
    try {
      spool.release(learned.offset(PARTITION));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public OptionalLong backlog() {
    return OptionalLong.of(spool.backlog());
  }

  @Override
  public String description() {
    return address.address();
  }

  @Override
  public void close() {
    try {
      client.disconnectForcibly(0, TimeUnit.SECONDS.toMillis(1));
      client.close(true);
    } catch (MqttException e) {
      // The broker keeps the session in any case.
    }
    spool.close();
  }
}
