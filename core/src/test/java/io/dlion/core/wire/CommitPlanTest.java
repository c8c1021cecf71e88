package io.dlion.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommitPlanTest {
  @Test
  void stepsDecideWhereTheyAreGiven() {
    CommitPlan plan = CommitPlan.afterSteps(5, 32);
    assertThat(plan.isDue(4, Long.MAX_VALUE, 0)).isFalse();
    assertThat(plan.isDue(5, 0, 0)).isTrue();
    assertThat(plan.isDue(6, 0, 0)).as("the plan was longer before").isTrue();
  }

  @Test
  void elseTimeDoesLessWhatTheLastCommitTook() {
    CommitPlan plan = new CommitPlan(0, 100, 20, 6, 32);
    assertThat(plan.isDue(1, 99, 0)).isFalse();
    assertThat(plan.isDue(1, 100, 0)).isTrue();
    assertThat(plan.isDue(1, 69, 30)).isFalse();
    assertThat(plan.isDue(1, 70, 30)).isTrue();
    assertThat(plan.isDue(0, 1000, 30)).as("nothing is there to commit").isFalse();
  }

  @Test
  void butNotBeforeTheLeastTime() {
    CommitPlan plan = new CommitPlan(0, 100, 20, 6, 32);
    assertThat(plan.isDue(1, 19, 95)).isFalse();
    assertThat(plan.isDue(1, 20, 95)).isTrue();
    assertThat(plan.isDue(1, 20, 1_000_000)).isTrue();
  }

  @Test
  void noCommitHasMoreStepsThanAMessageCanTell() {
    CommitPlan plan = new CommitPlan(0, 1L << 60, 0, 1, 1);
    assertThat(plan.isDue(CommitPlan.STEPS_MAX - 1, 0, 0)).isFalse();
    assertThat(plan.isDue(CommitPlan.STEPS_MAX, 0, 0)).isTrue();
  }

  @Test
  void itComesBackAsItWas() {
    CommitPlan plan = new CommitPlan(0, 123, 45, 6, 32).withBatch(7);
    byte[] b = new byte[CommitPlan.BYTES + 3];
    assertThat(plan.write(b, 3)).isEqualTo(b.length);
    assertThat(CommitPlan.read(b, 3)).isEqualTo(plan).isEqualTo(new CommitPlan(0, 123, 45, 6, 7));
  }
}
