package io.dlion.data.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Examples;
import io.dlion.data.Labels;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionTest {
  private static final List<String> ALL =
      List.of("iid", "dirichlet(0.5)", "dirichlet(1.0E-4)", "by-label", "by-label(2)");
  private static final double[] EQUAL = {1, 1, 1, 1, 1};

  private static Examples examples(int count) {
    return new Labels(count, Kind.CLASSIFICATION, 10);
  }

  @RepeatedTest(20)
  void everyExampleGoesToExactlyOneWorkerAndSharesAreHonoured(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    var random = new SplittableRandom(seed);
    int count = 20 + random.nextInt(500);
    double[] shares = random.doubles(1 + random.nextInt(9), 0.1, 5).toArray();
    for (String text : ALL) {
      List<int[]> parts = Partition.parse(text).divide(examples(count), shares, seed);
      assertThat(parts.stream().flatMapToInt(Arrays::stream).sorted().toArray())
          .as("%s, seed %d", text, seed)
          .isEqualTo(IntStream.range(0, count).toArray());
      assertThat(parts.stream().mapToInt(p -> p.length).toArray())
          .as("%s, seed %d", text, seed)
          .isEqualTo(Quotas.atLeastOne(count, shares));
    }
  }

  @Test
  void theSameSeedGivesTheSamePartition() {
    for (String text : ALL) {
      Partition partition = Partition.parse(text);
      List<int[]> first = partition.divide(examples(300), EQUAL, 7);
      List<int[]> again = partition.divide(examples(300), EQUAL, 7);
      List<int[]> other = partition.divide(examples(300), EQUAL, 8);
      assertThat(again.getFirst()).as(text).isEqualTo(first.getFirst());
      assertThat(other.getFirst()).as(text).isNotEqualTo(first.getFirst());
    }
  }

  @Test
  void byLabelGivesEachWorkerNeighbouringClasses() {
    List<int[]> parts = new ByLabelPartition(1).divide(examples(1000), EQUAL, 3);
    for (int worker = 0; worker < 5; worker++) {
      assertThat(classes(parts.get(worker))).containsExactly(2 * worker, 2 * worker + 1);
    }
  }

  @Test
  void twoShardsGiveEachOfTenWorkersAtMostTwoClassesOfTen() {
    double[] shares = new double[10];
    Arrays.fill(shares, 1);
    List<int[]> parts = new ByLabelPartition(2).divide(examples(1000), shares, 3);
    assertThat(parts).allSatisfy(p -> assertThat(classes(p)).hasSizeLessThanOrEqualTo(2));
    assertThat(parts).anySatisfy(p -> assertThat(classes(p)[0] + 1).isLessThan(lastClass(p)));
  }

  private static int lastClass(int[] rows) {
    int[] classes = classes(rows);
    return classes[classes.length - 1];
  }

  private static int[] classes(int[] rows) {
    return Arrays.stream(rows).map(r -> r % 10).distinct().sorted().toArray();
  }

  @Test
  void smallerAlphaMakesWorkersMoreDifferent() {
    double even = skew("dirichlet(1000)");
    double medium = skew("dirichlet(0.5)");
    double extreme = skew("dirichlet(0.01)");
    assertThat(even).isLessThan(0.15);
    assertThat(medium).isBetween(0.2, 0.4);
    assertThat(extreme)
        .as("half is the most, a class has 1000, a worker 2000")
        .isBetween(0.42, 0.5);
  }

  /** The largest class's share of a worker's examples, averaged over workers. */
  private static double skew(String partition) {
    List<int[]> parts = Partition.parse(partition).divide(examples(10_000), EQUAL, 5);
    return parts.stream()
        .mapToDouble(p -> {
          int[] counts = new int[10];
          Arrays.stream(p).forEach(r -> counts[r % 10]++);
          return Arrays.stream(counts).max().orElseThrow() / (double) p.length;
        })
        .average()
        .orElseThrow();
  }

  @Test
  void readsAndWritesTheSameText() {
    for (String text : ALL) {
      assertThat(Partition.parse(text)).hasToString(text);
    }
    assertThat(Partition.parse("dirichlet")).hasToString("dirichlet(0.5)");
    assertThat(Partition.parse(" by-label( 1 ) ")).hasToString("by-label");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "iid(2)",
        "dirichlet()",
        "dirichlet(x)",
        "dirichlet(0)",
        "dirichlet(-1)",
        "dirichlet(NaN)",
        "by-label(0)",
        "by-label(1.5)",
        "by-label(2",
        "random"
      })
  void anythingElseIsAnError(String text) {
    assertThatThrownBy(() -> Partition.parse(text))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("partition");
  }

  @Test
  void aMisspeltNameGetsTheNearest() {
    assertThatThrownBy(() -> Partition.parse("dirichelt(0.5)"))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("unknown partition 'dirichelt(0.5)'", "'dirichlet'?");
    assertThatThrownBy(() -> Partition.parse("bylabel"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("'by-label'?");
  }

  @Test
  void fewerExamplesThanWorkersIsAnError() {
    assertThatThrownBy(() -> new IidPartition().divide(examples(4), EQUAL, 1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("5 workers, but only 4 training examples");
  }

  @Test
  void aShareThatIsNotPositiveIsAnError() {
    assertThatThrownBy(() -> new IidPartition().divide(examples(4), new double[] {1, 0}, 1))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("worker number 2", "found 0.0");
  }

  @Test
  void dataWithoutClassesCannotBeDividedByThem() {
    Examples text = new Labels(100, Kind.NEXT_SYMBOL, 10);
    assertThat(new IidPartition().divide(text, EQUAL, 1)).hasSize(5);
    for (String partition : List.of("by-label", "dirichlet(0.5)")) {
      assertThatThrownBy(() -> Partition.parse(partition).divide(text, EQUAL, 1))
          .isInstanceOf(UserError.class)
          .hasMessageContainingAll(partition, "these examples have none", "use iid");
    }
  }
}
