package io.dlion.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.ClusterObserver.Sight;
import io.dlion.cluster.WorkerStatus;
import io.dlion.cluster.cap.Limits;
import io.dlion.core.WorkerId;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusTableTest {
  private static final WorkerId LYON = new WorkerId("lyon");
  private static final WorkerId OSLO = new WorkerId("oslo");
  private static final WorkerId ROME = new WorkerId("rome");

  private static WorkerStatus status(
      WorkerId worker, List<WorkerStatus.Lost> lost, List<WorkerStatus.Path> paths) {
    return new WorkerStatus(
        worker,
        "here",
        "run",
        new WorkerStatus.Doing("training", 4, 8, 16, 64, 0.5, 0.75),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Limits.NONE,
        new WorkerStatus.Around(lost, paths),
        Optional.empty());
  }

  private static List<String> print(Sight sight) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new StatusTable(new PrintStream(bytes, true, StandardCharsets.UTF_8)).print(sight);
    return bytes.toString(StandardCharsets.UTF_8).lines().map(String::stripTrailing).toList();
  }

  @Test
  void whoIsMissingAndWhoCannotTalkAreSaidBelow() {
    List<WorkerStatus.Lost> lost = List.of(new WorkerStatus.Lost(ROME, 200_000));
    List<String> lines =
        print(
            new Sight(
                List.of(
                    status(
                        LYON, lost, List.of(new WorkerStatus.Path(OSLO, Optional.of(ROME), 5000))),
                    status(
                        OSLO,
                        List.of(new WorkerStatus.Lost(ROME, 100_000)),
                        List.of(new WorkerStatus.Path(LYON, Optional.empty(), 4000)))),
                List.of("10.0.0.3:7800: did not answer in time")));
    assertThat(lines)
        .contains(
            "not reached directly                                        for",
            "lyon to oslo                       over rome                5 s",
            "oslo to lyon                       cannot talk              4 s",
            "rome                               3 min ago                by lyon, oslo",
            "10.0.0.3:7800: did not answer in time");
  }

  @Test
  void aWorkerThatRestsIsNotLostAndSaysWhy() {
    WorkerStatus rome =
        status(ROME, List.of(), List.of())
            .resting("paused", new WorkerStatus.Rest("paused by operator anna", 7_300_000));
    List<String> lines =
        print(
            new Sight(
                List.of(status(LYON, List.of(new WorkerStatus.Lost(ROME, 5000)), List.of()), rome),
                List.of()));
    assertThat(lines).contains("rome: paused by operator anna, for 2.0 h");
    assertThat(lines).noneMatch(line -> line.startsWith("lost") || line.contains("ago"));
  }

  @Test
  void whereAllIsWellThereIsNothingMoreToSay() {
    assertThat(print(new Sight(List.of(status(LYON, List.of(), List.of())), List.of())))
        .noneMatch(line -> line.contains("lost") || line.contains("not reached"));
  }
}
