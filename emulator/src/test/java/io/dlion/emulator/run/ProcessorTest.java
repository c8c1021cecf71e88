package io.dlion.emulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.emulator.environment.SharedCores;
import io.dlion.emulator.time.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorTest {
  private final VirtualTime time = new VirtualTime();
  private final List<String> done = new ArrayList<>();

  private void run(Processor on, String name, int threads, long nanos) {
    on.run(name, threads, nanos, () -> done.add(name + " " + time.nowNanos()));
  }

  private Processor processor(int cores, double slowdown) {
    return new Processor(time, new SharedCores("box", cores, slowdown, 1));
  }

  private void untilTheEnd() {
    while (time.step(Long.MAX_VALUE - 1)) {
      // Everything happens in the steps.
    }
  }

  @Test
  void tasksThatFindFreeCoresTakeTheirTime() {
    Processor two = processor(2, 1);
    run(two, "a", 1, 1000);
    run(two, "b", 1, 1500);
    untilTheEnd();
    assertThat(done).containsExactly("a 1000", "b 1500");
  }

  @Test
  void twoTasksOnOneCoreTakeTwiceAsLong() {
    Processor one = processor(1, 1);
    run(one, "a", 1, 1000);
    run(one, "b", 1, 1000);
    untilTheEnd();
    assertThat(done).containsExactly("a 2000", "b 2000");
  }

  @Test
  void coresAreDividedAnewWheneverOneBeginsOrEnds() {
    Processor one = processor(1, 1);
    run(one, "a", 1, 1000);
    time.at(400, () -> run(one, "b", 1, 500));
    untilTheEnd();
    // 400 of a alone; then halves: b's 500 end at 1400, when 100 are left of a.
    assertThat(done).containsExactly("b 1400", "a 1500");
  }

  @Test
  void threadsHaveEqualShares() {
    Processor two = processor(2, 1);
    run(two, "a", 2, 1000);
    run(two, "b", 1, 600);
    untilTheEnd();
    // Three threads on two cores, 2/3 of a core each, until b ends at 900 with 400 of a left.
    assertThat(done).containsExactly("b 900", "a 1300");
  }

  @Test
  void coresThatComputeSlowEachOther() {
    Processor two = processor(2, 1.5);
    run(two, "a", 1, 1000);
    time.at(400, () -> run(two, "b", 1, 200));
    untilTheEnd();
    // Both are 1.5 times slower while b's 200 take 300.
    assertThat(done).containsExactly("b 700", "a 1100");
  }

  @Test
  void coresAreSlowedInProportionToHowManyAreBusyAndAreThenDivided() {
    Processor three = processor(3, 2);
    run(three, "a", 1, 1000);
    run(three, "b", 1, 1000);
    untilTheEnd();
    assertThat(done).containsExactly("a 1500", "b 1500");
    done.clear();
    for (String name : List.of("a", "b", "c", "d", "e", "f")) {
      run(three, name, 1, 1000);
    }
    untilTheEnd();
    assertThat(done).hasSize(6).allMatch(each -> each.endsWith(" 5500"));
  }

  @Test
  void whatIsAloneTakesWhatItTookAlone() {
    Processor two = processor(2, 1.5);
    run(two, "a", 2, 1000);
    untilTheEnd();
    assertThat(done).containsExactly("a 1000");
  }

  @Test
  void whatIsDroppedLeavesItsCoresToOthers() {
    Processor one = processor(1, 1);
    run(one, "a", 1, 1000);
    run(one, "b", 1, 1000);
    time.at(1000, () -> one.drop("b"));
    untilTheEnd();
    assertThat(done).containsExactly("a 1500");
  }

  @Test
  void oneThatStandsStillTakesNoCore() {
    Processor one = processor(1, 1);
    run(one, "a", 1, Long.MAX_VALUE);
    run(one, "b", 1, 700);
    run(one, "nothing", 1, 0);
    untilTheEnd();
    assertThat(done).containsExactly("nothing 0", "b 700");
  }
}
