package io.dlion.emulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RelaysTest {
  private static final WorkerId A = new WorkerId("a");
  private static final WorkerId B = new WorkerId("b");
  private static final WorkerId C = new WorkerId("c");
  private static final WorkerId D = new WorkerId("d");
  private static final WorkerId E = new WorkerId("e");

  private final Map<WorkerPair, Double> lines = new HashMap<>();

  private RelaysTest line(WorkerId a, WorkerId b, double bytesPerSecond) {
    lines.put(new WorkerPair(a, b), bytesPerSecond);
    return this;
  }

  private Optional<List<WorkerId>> between(WorkerId a, WorkerId b) {
    return new Relays(
            new TreeSet<>(List.of(A, B, C, D, E)),
            (x, y) -> lines.containsKey(new WorkerPair(x, y)),
            (x, y) -> lines.getOrDefault(new WorkerPair(x, y), 0.0))
        .between(a, b);
  }

  @Test
  void ofTwoHopsThoseWhoseThinnerHalfIsTheWidest() {
    line(A, B, 9).line(B, D, 2).line(A, C, 3).line(C, D, 3);
    assertThat(between(A, D)).contains(List.of(C));
    assertThat(between(D, A)).contains(List.of(C));
  }

  @Test
  void ofEquallyWideOnesTheLeastName() {
    line(A, C, 9).line(C, D, 3).line(A, B, 3).line(B, D, 3);
    assertThat(between(A, D)).contains(List.of(B));
  }

  @Test
  void noMoreThanAreNeededHoweverWide() {
    line(A, B, 9).line(B, C, 9).line(C, E, 9).line(A, D, 1).line(D, E, 1);
    assertThat(between(A, E)).contains(List.of(D));
    lines.remove(new WorkerPair(A, D));
    assertThat(between(A, E)).contains(List.of(B, C));
  }

  @Test
  void nobodyWhereNoWayLeadsThere() {
    line(A, B, 9).line(C, D, 9);
    assertThat(between(A, D)).isEmpty();
    line(A, D, 1);
    assertThat(between(A, D)).as("it needs none").contains(List.of());
  }
}
