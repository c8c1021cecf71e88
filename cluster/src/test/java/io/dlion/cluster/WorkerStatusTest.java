package io.dlion.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.cluster.cap.Limits;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.wire.MalformedMessageException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkerStatusTest {
  private static final WorkerId W1 = new WorkerId("w1");
  private static final WorkerId W2 = new WorkerId("w2");

  private static WorkerStatus status(Optional<WorkerStatus.Service> service) {
    return new WorkerStatus(
        W1,
        "site",
        "job",
        new WorkerStatus.Doing("training", 4, 8, 16, 64, 0.5, 0.75),
        List.of(new WorkerStatus.Link(W2, 1e6, 2e7)),
        service,
        Optional.empty());
  }

  private static WorkerStatus streaming(WorkerStatus status, long records) {
    return new WorkerStatus(
        status.worker(),
        status.site(),
        status.job(),
        status.doing(),
        status.links(),
        status.service(),
        Optional.of(new WorkerStatus.Streaming(records, 3, 0.5)));
  }

  @Test
  void aStreamIsTold() throws MalformedMessageException {
    WorkerStatus peer = streaming(status(Optional.empty()), 120);
    WorkerStatus client = streaming(status(Optional.of(new WorkerStatus.Service(W2, 9))), 7);
    assertThat(read(peer.encode())).isEqualTo(peer);
    assertThat(read(client.encode())).isEqualTo(client);
    assertThatThrownBy(() -> read(streaming(peer, -1).encode()))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("-1 records learned");
  }

  private static WorkerStatus limited(WorkerStatus status, Limits limits) {
    return new WorkerStatus(
        status.worker(),
        status.site(),
        status.job(),
        status.doing(),
        status.links(),
        status.service(),
        status.streaming(),
        limits,
        status.around(),
        status.rest());
  }

  @Test
  void whatAWorkerMaySendAndTakeIsTold() throws MalformedMessageException {
    Limits limits = new Limits(2, Double.POSITIVE_INFINITY);
    WorkerStatus plain = limited(status(Optional.empty()), limits);
    WorkerStatus streaming = limited(streaming(status(Optional.empty()), 120), limits);
    assertThat(read(plain.encode())).isEqualTo(plain);
    assertThat(read(streaming.encode())).isEqualTo(streaming);
    for (double absurd : new double[] {0, -1, Double.NaN}) {
      assertThatThrownBy(() -> read(limited(plain, new Limits(absurd, 1)).encode()))
          .isInstanceOf(MalformedMessageException.class)
          .hasMessageContaining("impossible limits");
    }
  }

  private static WorkerStatus read(byte[] bytes) throws MalformedMessageException {
    return WorkerStatus.decode(bytes);
  }

  @Test
  void isReadAsItWasWritten() throws MalformedMessageException {
    WorkerStatus peer = status(Optional.empty());
    WorkerStatus client = status(Optional.of(new WorkerStatus.Service(W2, 120)));
    WorkerStatus server = status(Optional.of(new WorkerStatus.Service(W1, 121)));
    for (WorkerStatus each : List.of(peer, client, server)) {
      assertThat(read(each.encode())).isEqualTo(each);
    }
    assertThat(List.of(peer.serves(), client.serves(), server.serves()))
        .containsExactly(false, false, true);
  }

  @Test
  void whoIsMissingAndWhyItRestsIsTold() throws MalformedMessageException {
    WorkerStatus plain = status(Optional.empty());
    WorkerStatus troubled =
        new WorkerStatus(
            plain.worker(),
            plain.site(),
            plain.job(),
            plain.doing(),
            plain.links(),
            plain.service(),
            plain.streaming(),
            plain.limits(),
            new WorkerStatus.Around(
                List.of(new WorkerStatus.Lost(W2, 5000)),
                List.of(
                    new WorkerStatus.Path(W2, Optional.of(W1), 10),
                    new WorkerStatus.Path(W2, Optional.empty(), 0))),
            Optional.of(new WorkerStatus.Rest("paused by operator anna", 7)));
    assertThat(read(troubled.encode())).isEqualTo(troubled);
  }

  @Test
  void whatALaterVersionTellsMoreIsPassedOver() throws MalformedMessageException {
    byte[] bytes = status(Optional.of(new WorkerStatus.Service(W2, 120))).encode();
    byte[] later = Arrays.copyOf(bytes, bytes.length + 8);
    later[bytes.length] = 99;
    later[bytes.length + 4] = 3;
    assertThat(read(later)).isEqualTo(read(bytes));
    later[bytes.length + 4] = 4;
    assertThatThrownBy(() -> read(later))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("section of 4 bytes");
  }

  @Test
  void damagedBytesAreReadOrRefusedAndNothingElse() {
    byte[] whole = status(Optional.of(new WorkerStatus.Service(W2, 120))).encode();
    Random random = new Random(3);
    int refused = 0;
    for (int k = 0; k < 3000; k++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      try {
        assertThat(read(damaged).links().size()).isLessThanOrEqualTo(4096);
      } catch (MalformedMessageException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1, 2999);
  }

  @Test
  void theLostAreThoseWhoWereMembersUntilTheyComeBack() {
    Losses losses = new Losses();
    long second = 1_000_000_000L;
    losses.membersAre(Set.of(W1, W2), 0);
    assertThat(losses.at(second)).isEmpty();
    losses.membersAre(Set.of(W1), 2 * second);
    losses.membersAre(Set.of(W1), 3 * second);
    assertThat(losses.at(5 * second)).containsExactly(new WorkerStatus.Lost(W2, 3000));
    losses.membersAre(Set.of(W1, W2), 6 * second);
    assertThat(losses.at(7 * second)).isEmpty();
    for (int k = 0; k < 2 * Losses.KEPT_MAX; k++) {
      losses.membersAre(Set.of(W1, new WorkerId("x" + k)), (10 + k) * second);
    }
    assertThat(losses.at(1000 * second)).hasSize(Losses.KEPT_MAX);
    assertThat(losses.at(1000 * second).getFirst().worker().name()).isEqualTo("x126");
  }

  @Test
  void absurdStatusesAreRefused() {
    byte[] negative = status(Optional.of(new WorkerStatus.Service(W2, -1))).encode();
    assertThatThrownBy(() -> read(negative))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("version -1");
    byte[] whole = status(Optional.of(new WorkerStatus.Service(W2, 120))).encode();
    assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length - 3)))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void whoServesIsWhomTheLastCommitWentToOrWhoSaysSo() {
    StatusBoard board =
        new StatusBoard(new Report.Iteration(W1, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0), r -> {});
    assertThat(board.service()).isEmpty();
    board.accept(new Report.Committed(W1, 1, W2, 7, 4, 1, 1, 2, 100, 0));
    assertThat(board.service()).hasValue(new WorkerStatus.Service(W2, 7));
    board.accept(new Report.Serving(W1, 2, 8, 0, Double.NaN, 2, "", 0, 0, 0));
    assertThat(board.service()).hasValue(new WorkerStatus.Service(W1, 8));
  }
}
