package io.dlion.cli.stream;

import io.dlion.core.UserError;
import io.dlion.stream.StreamAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The Kafka topic that a worker's offsets belong to, in a file beside its checkpoints. Offsets are
 * kept by the number of a partition, so those of one topic must not be used for another. Brokers
 * may change. Sources of other kinds name their positions differently, and begin anew by
 * themselves.
 */
final class KeptTopic {
  private KeptTopic() {}

  /**
   * Notes the topic of a source, or compares it with the one that was noted.
   *
   * @param own the worker's folder in the run
   * @throws UserError where the offsets that the run has are of another topic
   */
  static void require(Path own, StreamAddress address) throws IOException {
    if (!(address instanceof StreamAddress.Kafka kafka)) {
      return;
    }
    Path file = own.resolve("topic");
    if (Files.exists(file)) {
      String kept = Files.readString(file).strip();
      if (!kept.equals(kafka.topic())) {
        throw new UserError(
            kafka.address()
                + ": expected the topic '"
                + kept
                + "', which this run has offsets of, found '"
                + kafka.topic()
                + "'; give that topic, or begin a new run");
      }
      return;
    }
    Files.createDirectories(own);
    Files.writeString(file, kafka.topic() + "\n");
  }
}
