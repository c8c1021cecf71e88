package io.dlion.stream;

import java.nio.file.Path;

/** The one table from addresses to sources. */
public final class StreamSources {
  private StreamSources() {}

  /**
   * Opens a source.
   *
   * @param address whence
   * @param state folder of the worker's own, kept over restarts: {@code files.ledger} of a watched
   *     folder, {@code spool/} of MQTT; made where it is needed
   * @param clientId names this worker to a broker, the same after a restart, and no other worker's
   * @param generated for streams that are made up
   * @throws io.dlion.core.UserError where there is no such source
   */
  public static RecordSource open(
      StreamAddress address, Path state, String clientId, GeneratedStreams generated) {
    return switch (address) {
      case StreamAddress.Folder(Path folder) ->
          new DirectorySource(folder, state.resolve("files.ledger"));
      case StreamAddress.Kafka kafka -> new KafkaSource(kafka, clientId);
      case StreamAddress.Mqtt mqtt ->
          new MqttSource(mqtt, clientId, state.resolve("spool"), MqttSource.SPOOL_BYTES_MAX);
      case StreamAddress.Made(String name) -> generated.open(name);
    };
  }
}
