package io.dlion.monitor.comparison.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThinningTest {
  @Test
  void aSeriesKeepsMeansOfEqualNumbersOfValues() {
    Series series = new Series(4);
    for (int i = 1; i <= 7; i++) {
      series.add(i, 10 * i);
    }
    // Four values made two points; from then on each point is of two, and the last of one so far.
    assertThat(series.points())
        .containsExactly(
            new SeriesPoint(2, 15),
            new SeriesPoint(4, 35),
            new SeriesPoint(6, 55),
            new SeriesPoint(7, 70));
  }

  @Test
  void aSeriesHalvesAgain() {
    Series series = new Series(2);
    IntStream.rangeClosed(1, 8).forEach(i -> series.add(i, i));
    assertThat(series.points()).containsExactly(new SeriesPoint(8, 4.5));
  }

  @Test
  void aSeriesOfAnOddNumberOfPointsIsRefused() {
    assertThatThrownBy(() -> new Series(3)).hasMessageContaining("even number");
  }

  @Test
  void aCurveIsWholeUntilItIsFull() {
    CurveRecorder<CurvePoint> curve = new CurveRecorder<>(CurvePoint::seconds);
    IntStream.range(0, CurveRecorder.POINTS_MAX - 1).forEach(i -> curve.add(point(i)));
    assertThat(curve.points()).hasSize(CurveRecorder.POINTS_MAX - 1);
  }

  @Test
  void aFullCurveLosesEverySecondPointFromBeginToEnd() {
    CurveRecorder<CurvePoint> curve = new CurveRecorder<>(CurvePoint::seconds);
    int all = CurveRecorder.POINTS_MAX + 6;
    IntStream.range(0, all).forEach(i -> curve.add(point(i)));
    assertThat(curve.points())
        .extracting(p -> (int) p.seconds())
        .isEqualTo(IntStream.range(0, all).filter(i -> i % 2 == 0).boxed().toList());
  }

  @Test
  void aPointOfTheSameTimeReplacesTheLast() {
    CurveRecorder<CurvePoint> curve = new CurveRecorder<>(CurvePoint::seconds);
    curve.add(new CurvePoint(1, 0.2, 0, 0, 0, 0));
    curve.add(new CurvePoint(1, 0.3, 0, 0, 0, 0));
    assertThat(curve.points()).isEqualTo(List.of(new CurvePoint(1, 0.3, 0, 0, 0, 0)));
  }

  private static CurvePoint point(int i) {
    return new CurvePoint(i, 0, 0, 0, 0, 0);
  }
}
