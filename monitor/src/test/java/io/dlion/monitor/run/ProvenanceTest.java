package io.dlion.monitor.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProvenanceTest {
  @Test
  void saysWhatARunRanOn() {
    assertThat(Provenance.here("0.1.0", "abc123\n").asMap())
        .containsKeys("java", "javaVendor", "operatingSystem", "architecture", "processors")
        .containsEntry("dlion", "0.1.0")
        .containsEntry("commit", "abc123");
  }

  @Test
  void leavesOutACommitNobodyKnows() {
    assertThat(Provenance.here("0.1.0", " ").asMap()).doesNotContainKey("commit");
    assertThat(Provenance.here("0.1.0", null).asMap()).doesNotContainKey("commit");
  }

  @Test
  void namesNoPersonAndNoPlace() {
    String all = Provenance.here("0.1.0", null).asMap().toString();
    assertThat(all).doesNotContain(System.getProperty("user.dir", "?"));
    assertThat(all).doesNotContain("user.");
  }
}
