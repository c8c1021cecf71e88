package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CheckCommandTest {
  @Test
  void aFewSchedulesHoldWhateverTheMethod() {
    CommandRun dlion = new CommandRun();
    assertThat(dlion.run("check", "--seeds", "6", "--first-seed", "20")).isZero();
    assertThat(dlion.out()).startsWith("6 schedules, 0 failed; ").contains("\nfaults: ");
  }

  @Test
  void oneSeedTellsTheSameStoryAgain() {
    String[] command = {
      "check", "--seeds", "1", "--first-seed", "3", "--preset", "dlion", "--verbose"
    };
    CommandRun first = new CommandRun();
    CommandRun again = new CommandRun();
    assertThat(first.run(command)).isZero();
    assertThat(again.run(command)).isZero();
    assertThat(first.out().lines().count()).isGreaterThan(100);
    assertThat(events(again)).isEqualTo(events(first));
  }

  @Test
  void oneMethodOverOneTopologyIsCheckedAlone() {
    CommandRun dlion = new CommandRun();
    String[] command = {
      "check",
      "--seeds",
      "1",
      "--preset",
      "dlion",
      "--set",
      "transfer.scope=none",
      "--topology",
      "ring",
      "--verbose"
    };
    assertThat(dlion.run(command)).isZero();
    assertThat(dlion.out()).contains("1 schedules, 0 failed; ").doesNotContain("WEIGHTS");
  }

  /** All but the summary, which says how fast it went. */
  private static String events(CommandRun run) {
    return run.out().substring(0, run.out().indexOf(" schedules, "));
  }

  @Test
  void mistakesAreAnswered() {
    assertMistake("--seeds 0: expected 1 to 10000000", "--seeds", "0");
    assertMistake("expected --seeds 1", "--seeds", "2", "--verbose");
    assertMistake("did you mean 'dlion'?", "--seeds", "1", "--preset", "dlino");
    assertMistake("--set ring: expected KEY=VALUE", "--set", "ring");
    assertMistake("did you mean 'transfer.scope'?", "--set", "transfer.scop=none");
    assertMistake("topology 'star': expected one of mesh, ring", "--topology", "star");
    assertMistake(
        "topology 'ring': expected mesh, for methods with local steps",
        "--preset",
        "diloco",
        "--topology",
        "ring");
  }

  private static void assertMistake(String message, String... flags) {
    CommandRun dlion = new CommandRun();
    String[] command = new String[flags.length + 1];
    command[0] = "check";
    System.arraycopy(flags, 0, command, 1, flags.length);
    assertThat(dlion.run(command)).isEqualTo(2);
    assertThat(dlion.err()).contains(message);
  }
}
