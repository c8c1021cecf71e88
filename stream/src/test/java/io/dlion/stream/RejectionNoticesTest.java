package io.dlion.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RejectionNoticesTest {
  private final RejectionNotices notices = new RejectionNotices(0);

  @Test
  void eachKindIsSaidOnceAndTheRestSummarised() {
    assertThat(notices.rejected("label:zebra", "unknown label zebra")).isTrue();
    assertThat(notices.rejected("label:zebra", "unknown label zebra")).isFalse();
    assertThat(notices.rejected("label:gnu", "unknown label gnu")).isTrue();
    assertThat(notices.rejected("label:zebra", "unknown label zebra")).isFalse();
    assertThat(notices.summary(TimeUnit.SECONDS.toNanos(29))).isEmpty();
    assertThat(notices.summary(TimeUnit.SECONDS.toNanos(30)))
        .isEqualTo("2 more records rejected: unknown label zebra (2)");
    assertThat(notices.summary(TimeUnit.SECONDS.toNanos(61))).isEmpty();
  }

  @Test
  void aFloodOfKindsIsSummarised() {
    int said = 0;
    for (int i = 0; i < 500; i++) {
      said += notices.rejected("k" + i, "reason " + i) ? 1 : 0;
    }
    assertThat(said).isEqualTo(10);
    assertThat(notices.summary(TimeUnit.SECONDS.toNanos(31)))
        .startsWith("490 more records rejected: reason 10 (1)")
        .endsWith("; and others");
  }
}
