package io.dlion.cli.stream;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.stream.StreamAddress;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptTopicTest {
  @TempDir private Path own;

  private void require(String address) throws IOException {
    KeptTopic.require(own, StreamAddress.parse(address));
  }

  @Test
  void offsetsOfOneTopicAreNotUsedForAnother() throws IOException {
    require("kafka://here:9092/cars");
    assertThatThrownBy(() -> require("kafka://here:9092/ships"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("expected the topic 'cars'")
        .hasMessageContaining("found 'ships'");
  }

  @Test
  void brokersAndKindsOfSourcesMayChange() throws IOException {
    require("kafka://here:9092/cars");
    require("kafka://there:9093/cars?from=latest");
    require("/folder");
    require("mqtt://there:1883/cars");
  }
}
