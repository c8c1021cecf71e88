package io.dlion.monitor.comparison.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.monitor.comparison.trace.SeriesPoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BandTest {
  @Test
  void meanLeastAndGreatestWhereAllHaveAValue() {
    var a = series(0, 0, 10, 10);
    var b = series(2, 4, 8, 4);
    // Both have values from 2 to 8; a is 2, 5, 8 there.
    assertThat(Band.whereAll(List.of(a, b), 2))
        .containsExactly(
            new Band.Point(2, 3, 2, 4), new Band.Point(5, 4.5, 4, 5), new Band.Point(8, 6, 4, 8));
  }

  @Test
  void whereMostHaveAValueItIsOverThose() {
    var band = Band.whereMost(List.of(series(0, 1, 10, 1), series(5, 3, 10, 3)), 2);
    assertThat(band)
        .containsExactly(
            new Band.Point(0, 1, 1, 1), new Band.Point(5, 2, 1, 3), new Band.Point(10, 2, 1, 3));
    assertThat(Band.whereMost(List.of(series(0, 1, 10, 1), series(), series(5, 3, 10, 3)), 2))
        .extracting(Band.Point::seconds)
        .containsExactly(5.0, 10.0);
  }

  @Test
  void nothingOfNothing() {
    assertThat(Band.whereAll(List.of(), 4)).isEmpty();
    assertThat(Band.whereMost(List.of(), 4)).isEmpty();
    assertThat(Band.whereAll(List.of(series(0, 1), series()), 4)).isEmpty();
    assertThat(Band.whereAll(List.of(series(0, 1, 1, 1), series(2, 1, 3, 1)), 4)).isEmpty();
  }

  @Test
  void onePointIsOnePoint() {
    assertThat(Band.whereAll(List.of(series(3, 7)), 4)).containsExactly(new Band.Point(3, 7, 7, 7));
  }

  @Test
  void pointsThatAreNotFiniteAreLeftOut() {
    var a = series(0, 0, 1, Double.NaN, 2, 4, 3, Double.POSITIVE_INFINITY);
    assertThat(Band.whereAll(List.of(a), 2))
        .containsExactly(
            new Band.Point(0, 0, 0, 0), new Band.Point(1, 2, 2, 2), new Band.Point(2, 4, 4, 4));
  }

  @Test
  void valuesBetweenPointsAreInterpolatedAndOutsideUnknown() {
    var s = series(1, 10, 2, 20, 4, 40);
    assertThat(Band.at(s, 1)).isEqualTo(10);
    assertThat(Band.at(s, 3)).isEqualTo(30);
    assertThat(Band.at(s, 4)).isEqualTo(40);
    assertThat(Band.at(s, 0.99)).isNaN();
    assertThat(Band.at(s, 4.01)).isNaN();
    assertThat(Band.at(List.of(), 1)).isNaN();
  }

  private static List<SeriesPoint> series(double... secondsAndValues) {
    List<SeriesPoint> points = new ArrayList<>();
    for (int i = 0; i < secondsAndValues.length; i += 2) {
      points.add(new SeriesPoint(secondsAndValues[i], secondsAndValues[i + 1]));
    }
    return points;
  }
}
