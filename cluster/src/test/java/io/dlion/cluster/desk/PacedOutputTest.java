package io.dlion.cluster.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PacedOutputTest {
  /** Time that passes only while somebody waits. */
  private static final class Time implements PacedOutput.Pause {
    private long nanos = -5_000_000_000L;

    @Override
    public long nowNanos() {
      return nanos;
    }

    @Override
    public void await(long more) {
      nanos += more;
    }
  }

  private final Time time = new Time();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private double rate = 1000;

  private double seconds(byte[] bytes) throws IOException {
    long begun = time.nanos;
    PacedOutput out = new PacedOutput(written, () -> rate, time);
    out.write(bytes);
    out.write(7); // waits until the bytes before are through
    out.flush();
    return (time.nanos - begun) / 1e9;
  }

  @Test
  void takesAsLongAsTheRateSays() throws IOException {
    byte[] bytes = new byte[100_000];
    new Random(1).nextBytes(bytes);
    assertThat(seconds(bytes)).isEqualTo(100.0);
    assertThat(written.toByteArray()).startsWith(bytes).hasSize(bytes.length + 1);
  }

  @Test
  void followsARateThatChanges() throws IOException {
    rate = 2000;
    assertThat(seconds(new byte[100_000])).isEqualTo(50.0);
  }

  @Test
  void aRestIsNotSavedUpForABurst() throws IOException {
    PacedOutput out = new PacedOutput(written, () -> rate, time);
    out.write(new byte[1000]);
    time.nanos += 3_600_000_000_000L;
    long begun = time.nanos;
    out.write(new byte[20_000]);
    out.write(1);
    assertThat((time.nanos - begun) / 1e9).isEqualTo(20.0);
  }
}
