package io.dlion.core.peer.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.WorkerId;
import io.dlion.core.wire.GradientHeader;
import io.dlion.core.wire.HeaderExtension;
import io.dlion.core.wire.HeaderExtension.Kind;
import org.junit.jupiter.api.Test;

class AgesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final WorkerId W2 = new WorkerId("w2");
  private static final WorkerId W3 = new WorkerId("w3");

  private final Ages ages = new Ages();

  private static GradientHeader header(long samples, HeaderExtension extension) {
    return new GradientHeader(0, 8, samples, 1, 0, extension);
  }

  @Test
  void whatIsPassedOnIsAsOldAsItsPartsOnAverageBySamples() {
    assertThat(ages.of("b", 100, 0)).isEmpty();
    ages.arrived(W2, "a", header(300, HeaderExtension.of(Kind.AGE, 2)), 10 * SECOND, 1);
    assertThat(ages.of("a", 100, 11 * SECOND)).as("not back to where it came from").isEmpty();
    // Made 3 s before it arrived, and a second has passed: 300 of 400 samples are 4 s old.
    assertThat(ages.of("b", 100, 11 * SECOND).orElseThrow()).isCloseTo(3, within(1e-9));
    ages.arrived(W3, "c", header(400, HeaderExtension.NONE), 11 * SECOND, 0);
    assertThat(ages.of("b", 100, 11 * SECOND).orElseThrow()).isCloseTo(1.5, within(1e-9));
  }

  @Test
  void whoIsNoNeighbourAnyMoreCountsNoLonger() {
    ages.arrived(W2, "a", header(300, HeaderExtension.NONE), 10 * SECOND, 1);
    ages.closed(W2);
    assertThat(ages.of("b", 100, 1000 * SECOND)).isEmpty();
  }
}
