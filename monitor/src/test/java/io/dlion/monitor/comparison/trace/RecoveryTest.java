package io.dlion.monitor.comparison.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveryTest {
  /** Seconds, window accuracy, seconds, … */
  private static List<PrequentialPoint> curve(double... secondsAndWindow) {
    List<PrequentialPoint> points = new ArrayList<>();
    for (int i = 0; i < secondsAndWindow.length; i += 2) {
      points.add(
          new PrequentialPoint(
              secondsAndWindow[i], secondsAndWindow[i + 1], 0, 0, Double.NaN, Double.NaN));
    }
    return points;
  }

  @Test
  void lastsUntilAccuracyIsBackWithinTwoPointsAfterItHasFallen() {
    // At 11 s it has not fallen yet: that is no recovery.
    List<PrequentialPoint> curve = curve(9, 0.9, 11, 0.89, 12, 0.6, 15, 0.87, 18, 0.88, 20, 0.95);
    assertThat(Recovery.of(curve, 10)).hasValue(8);
  }

  @Test
  void whoNeverFellNeedsNoTime() {
    assertThat(Recovery.of(curve(9, 0.9, 11, 0.89, 12, 0.88), 10)).hasValue(0);
  }

  @Test
  void isUnknownWhereItDidNotComeBack() {
    assertThat(Recovery.of(curve(9, 0.9, 12, 0.6, 15, 0.87), 10)).isEmpty();
  }

  @Test
  void isUnknownWhereNothingWasKnownBeforeOrAfter() {
    assertThat(Recovery.of(List.of(), 10)).isEmpty();
    assertThat(Recovery.of(curve(12, 0.6, 15, 0.87), 10)).isEmpty();
    assertThat(Recovery.of(curve(5, Double.NaN, 12, 0.6, 15, 0.87), 10)).isEmpty();
    assertThat(Recovery.of(curve(9, 0.9), 10)).isEmpty();
  }

  @Test
  void whatComesAfterTheNextDriftDoesNotCount() {
    List<PrequentialPoint> curve = curve(9, 0.9, 12, 0.6, 30, 0.9);
    assertThat(Recovery.of(curve, 10)).hasValue(20);
    assertThat(Recovery.of(curve, 10, 25)).isEmpty();
  }

  @Test
  void eachDriftThatWasMadeHasARecovery() {
    StreamTrace trace =
        new StreamTrace(
            curve(9, 0.9, 12, 0.6, 15, 0.9, 21, 0.5, 30, 0.6),
            List.of(),
            0,
            List.of(20.0, 10.0),
            0,
            0);
    assertThat(trace.recoveries()).containsExactly(5.0, Double.NaN);
  }
}
