package io.dlion.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamAddressTest {
  @Test
  void allFormsAreRead() {
    assertThat(StreamAddress.parse("in/here"))
        .isEqualTo(new StreamAddress.Folder(Path.of("in/here")));
    assertThat(StreamAddress.parse("generated:drifting"))
        .isEqualTo(new StreamAddress.Made("drifting"));
    assertThat(StreamAddress.parse("kafka://a:9092,[::1]:9093/sensors.raw?from=latest"))
        .isEqualTo(
            new StreamAddress.Kafka(
                "kafka://a:9092,[::1]:9093/sensors.raw",
                List.of("a:9092", "[::1]:9093"),
                "sensors.raw",
                true,
                null));
    assertThat(StreamAddress.parse("kafka://a:1/t?properties=my%20file&from=earliest"))
        .isEqualTo(
            new StreamAddress.Kafka(
                "kafka://a:1/t", List.of("a:1"), "t", false, Path.of("my file")));
    assertThat(StreamAddress.parse("mqtt://b:1883/site/+/temp/#"))
        .isEqualTo(
            new StreamAddress.Mqtt(
                "mqtt://b:1883/site/+/temp/#", false, "b:1883", "site/+/temp/#", null));
    assertThat(StreamAddress.parse("mqtts://b:8883//x%3F"))
        .isEqualTo(new StreamAddress.Mqtt("mqtts://b:8883//x%3F", true, "b:8883", "/x?", null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "kafka://a/t | 'a' is no HOST:PORT",
        "kafka://a:9092 | no topic",
        "kafka://a:9092/ | no topic",
        "kafka://a:9092/x/y | 'x/y' is no topic's name",
        "kafka://a:70000/t | port 70000",
        "kafka://a:9092,/t | '' is no HOST:PORT",
        "kafka://::1:9092/t | stands in brackets",
        "kafka://a:9092/t?form=latest | unknown option 'form=latest'",
        "kafka://a:9092/t?from=middle | from=middle",
        "kafka://u:p@a:9092/t | is no HOST:PORT",
        "mqtt://a:1883/ | no topic filter",
        "mqtt://a:1883/x+/y | is no topic filter",
        "mqtt://a:1883/#/y | is no topic filter",
        "mqtt://a:1883/x%2 | '%' without two digits",
        "http://a:80/x | unknown kind of stream 'http'",
        "amqp://a:80/x | a folder, kafka://HOST:PORT[,HOST:PORT]/TOPIC",
      })
  void malformedOnesAreErrorsThatShowTheForm(String text, String expected) {
    assertThatThrownBy(() -> StreamAddress.parse(text))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(text)
        .hasMessageContaining(expected)
        .hasMessageContaining("HOST:PORT");
  }
}
