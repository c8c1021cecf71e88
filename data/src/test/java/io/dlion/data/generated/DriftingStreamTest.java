package io.dlion.data.generated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.stream.DriftSchedule;
import io.dlion.data.DataOptions;
import io.dlion.data.preprocessing.TablePreprocessing;
import io.dlion.data.recognise.DataSets;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriftingStreamTest {
  private static final int FEATURES = DriftingTable.FEATURES;
  private static final int CLASSES = DriftingTable.CLASSES;

  /** Of each class, the mean of its examples. */
  private static double[][] means(DriftingStream stream, long from, long to) {
    double[][] means = new double[CLASSES][FEATURES];
    int[] counts = new int[CLASSES];
    for (long n = from; n < to; n++) {
      MemorySegment example = stream.next(n);
      int label = label(example);
      counts[label]++;
      for (int f = 0; f < FEATURES; f++) {
        means[label][f] += example.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * f);
      }
    }
    for (int c = 0; c < CLASSES; c++) {
      for (int f = 0; f < FEATURES; f++) {
        means[c][f] /= counts[c];
      }
    }
    return means;
  }

  private static int label(MemorySegment example) {
    return (int) example.get(ValueLayout.JAVA_LONG_UNALIGNED, 4L * FEATURES);
  }

  private static double accuracy(double[][] means, DriftingStream stream, long from, long to) {
    int right = 0;
    for (long n = from; n < to; n++) {
      MemorySegment example = stream.next(n);
      int nearest = 0;
      for (int c = 1; c < CLASSES; c++) {
        nearest = distance(means[c], example) < distance(means[nearest], example) ? c : nearest;
      }
      right += nearest == label(example) ? 1 : 0;
    }
    return right / (double) (to - from);
  }

  private static double distance(double[] mean, MemorySegment example) {
    double sum = 0;
    for (int f = 0; f < FEATURES; f++) {
      double d = mean[f] - example.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * f);
      sum += d * d;
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatWasLearnedOfAConceptIsWrongAfterASuddenDrift(long seed) {
    var stream = new DriftingStream(seed, DriftSchedule.sudden(2_000));
    double[][] learned = means(stream, 0, 1_000);
    assertThat(accuracy(learned, stream, 1_000, 2_000)).isGreaterThan(0.9);
    assertThat(accuracy(learned, stream, 2_000, 3_000)).isLessThan(0.1);
    double[][] again = means(stream, 2_000, 3_000);
    assertThat(accuracy(again, stream, 3_000, 4_000)).isGreaterThan(0.9);
    assertThat(accuracy(again, stream, 4_000, 5_000)).isLessThan(0.1);
  }

  @Test
  void whatWasLearnedBeforeIsRightWhenAConceptComesBack() {
    var stream = new DriftingStream(1, DriftSchedule.recurring(1_000));
    double[][] learned = means(stream, 0, 1_000);
    assertThat(accuracy(learned, stream, 1_000, 2_000)).isLessThan(0.1);
    assertThat(accuracy(learned, stream, 2_000, 3_000)).isGreaterThan(0.9);
  }

  @Test
  void aGradualDriftFallsGradually() {
    var stream = new DriftingStream(1, DriftSchedule.gradual(4_000, 2_000));
    double[][] learned = means(stream, 0, 1_000);
    assertThat(accuracy(learned, stream, 4_000, 4_200)).isGreaterThan(0.8);
    assertThat(accuracy(learned, stream, 4_800, 5_200)).isBetween(0.35, 0.65);
    assertThat(accuracy(learned, stream, 6_000, 7_000)).isLessThan(0.1);
  }

  @Test
  void aRecordDependsOnItsNumberAlone() {
    var schedule = new DriftSchedule(300, 500, 100, 70);
    var forwards = new DriftingStream(1, schedule);
    var backwards = new DriftingStream(1, schedule);
    byte[][] records = new byte[1_000][];
    for (int n = 0; n < records.length; n++) {
      records[n] = forwards.next(n).toArray(ValueLayout.JAVA_BYTE);
    }
    for (int n = records.length - 1; n >= 0; n--) {
      assertThat(backwards.next(n).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(records[n]);
      assertThat(schedule.shares(n))
          .extracting(DriftSchedule.Share::concept)
          .contains(backwards.concept(n));
    }
    assertThat(records[0]).isNotEqualTo(records[1]);
  }

  @Test
  void sitesGetOtherRecordsOfTheSameConcept() {
    var set = DataSets.open("generated:drifting", DataOptions.defaults());
    var encoding = (TablePreprocessing) set.preprocessing();
    var one = new DriftingStream(1, 1, DriftSchedule.NONE, encoding);
    var other = new DriftingStream(1, 2, DriftSchedule.NONE, encoding);
    assertThat(one.next(0).mismatch(other.next(0))).isNotEqualTo(-1);
    assertThat(accuracy(means(one, 0, 500), other, 0, 500)).isGreaterThan(0.9);
    assertThat(one.shape()).isEqualTo(set.train().shape());
  }

  @Test
  void theDataSetIsOfTheFirstConcept() {
    var set = DataSets.open("generated:drifting", DataOptions.defaults().withSeed(7));
    var stream = new DriftingStream(7, DriftSchedule.sudden(1_000));
    double[][] learned = means(stream, 0, 1_000);
    int right = 0;
    MemorySegment example = MemorySegment.ofArray(new byte[4 * FEATURES + 8]);
    for (int row = 0; row < set.test().count(); row++) {
      set.test().copy(new int[] {row}, 1, example, example.asSlice(4L * FEATURES));
      int nearest = 0;
      for (int c = 1; c < CLASSES; c++) {
        nearest = distance(learned[c], example) < distance(learned[nearest], example) ? c : nearest;
      }
      right += nearest == set.test().label(row) ? 1 : 0;
    }
    assertThat(right / (double) set.test().count()).isGreaterThan(0.9);
    DataOptions defaults = DataOptions.defaults();
    assertThat(DataSets.openFor("generated:drifting", defaults, set.preprocessing()).test().count())
        .isEqualTo(600);
  }

  @Test
  void otherDataHasNoSuchStream() {
    var blobs = DataSets.open("generated:blobs", DataOptions.defaults());
    var encoding = (TablePreprocessing) blobs.preprocessing();
    assertThatThrownBy(() -> new DriftingStream(1, 0, DriftSchedule.NONE, encoding))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("use --data generated:drifting");
  }

  @Test
  void addressesSayWhatIsAskedFor() {
    assertThat(DriftingAddress.parse("generated:drifting"))
        .isEqualTo(new DriftingAddress(100, DriftSchedule.sudden(20_000)));
    assertThat(
            DriftingAddress.parse(
                "generated:drifting?rate=200&sudden=20000&gradual=50000:10000&recurring=30000"))
        .isEqualTo(new DriftingAddress(200, new DriftSchedule(20_000, 50_000, 10_000, 30_000)));
    assertThat(DriftingAddress.parse("generated:drifting?recurring=5").schedule())
        .isEqualTo(DriftSchedule.recurring(5));
    assertThat(DriftingAddress.parse("generated:drifting?sudden=0").schedule())
        .isEqualTo(DriftSchedule.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rat=200|did you mean 'rate'?",
        "rate=0|more than 0",
        "rate=NaN|more than 0",
        "rate|found 'rate'",
        "rate=1&rate=2|given twice",
        "sudden=often|found 'often'",
        "sudden=-5|found '-5'",
        "gradual=50000|such as 50000:10000",
        "gradual=500:1000|expected a span from 1 to 500",
        "sudden=5&|found ''"
      })
  void mistakesInAddressesAreTold(String query, String told) {
    String address = "generated:drifting?" + query;
    assertThatThrownBy(() -> DriftingAddress.parse(address))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(address + ": ")
        .hasMessageContaining(told);
    assertThatThrownBy(() -> DataSets.open(address, DataOptions.defaults()))
        .isInstanceOf(UserError.class);
  }
}
