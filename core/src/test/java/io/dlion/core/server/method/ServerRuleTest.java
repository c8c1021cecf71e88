package io.dlion.core.server.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.wire.ValueFormat;
import org.junit.jupiter.api.Test;

class ServerRuleTest {
  private static ServerRule rule(String key, String value) {
    Settings settings = Presets.find("ssp").settings().with(key, value);
    return ServerRule.of(settings).orElseThrow();
  }

  @Test
  void peersHaveNoServer() {
    assertThat(ServerRule.of(Presets.find("dlion").settings())).isEmpty();
    assertThat(ServerRule.of(Settings.defaults())).isEmpty();
  }

  @Test
  void whatIsLeftOpenIsChosenByMembers() {
    ServerRule rule = ServerRule.of(Presets.find("ssp").settings()).orElseThrow();
    assertThat(rule.name()).isEmpty();
    assertThat(rule.trains()).isTrue();
    assertThat(rule.codec()).isEqualTo(ValueFormat.FP32);
    assertThat(rule.weight()).isEqualTo(1);
    assertThat(rule.overlap()).isFalse();
  }

  @Test
  void settingsAreRead() {
    assertThat(rule("server.name", "hq").name()).contains(new WorkerId("hq"));
    assertThat(rule("server.trains", "false").trains()).isFalse();
    assertThat(rule("commit.weight", "0.5").weight()).isEqualTo(0.5);
    assertThat(rule("commit.overlap", "on").overlap()).isTrue();
  }

  @Test
  void answersAreNeverCoarserThanBf16() {
    assertThat(rule("server.codec", "int8").codec()).isEqualTo(ValueFormat.INT8);
    assertThat(rule("server.codec", "int8").answers()).isEqualTo(ValueFormat.BF16);
    assertThat(rule("server.codec", "bf16").answers()).isEqualTo(ValueFormat.BF16);
    assertThat(rule("server.codec", "fp32").answers()).isEqualTo(ValueFormat.FP32);
  }

  @Test
  void twoServersAreRefused() {
    assertThatThrownBy(() -> rule("server.name", "w1,w2"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("server.name=w1,w2")
        .hasMessageContaining("one worker");
  }
}
