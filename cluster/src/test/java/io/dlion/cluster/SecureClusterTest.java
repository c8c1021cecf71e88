package io.dlion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.line.Channel;
import io.dlion.cluster.line.FreePort;
import io.dlion.cluster.line.Switchboard;
import io.dlion.cluster.line.Whereabouts;
import io.dlion.cluster.security.CertificateAuthority;
import io.dlion.cluster.security.Credentials;
import io.dlion.cluster.security.Security;
import io.dlion.cluster.tcp.Tag;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.cluster.transport.Speakers;
import io.dlion.cluster.transport.TcpStack;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Goal;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Payload;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jgroups.Address;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that trust only each other's certificates. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SecureClusterTest {
  @TempDir Path dir;

  private final List<Lan> workers = new ArrayList<>();
  private CertificateAuthority authority;

  @BeforeEach
  void authority() throws Exception {
    authority =
        CertificateAuthority.create(dir.resolve("ca"), Duration.ofDays(3650), Instant.now());
  }

  @AfterEach
  void close() {
    workers.forEach(Lan::close);
  }

  private static Credentials issue(CertificateAuthority authority, String name) throws Exception {
    return Credentials.load(
        authority
            .issue(new WorkerId(name), List.of(), Duration.ofDays(365), Instant.now())
            .folder());
  }

  private Lan worker(String name, Credentials credentials) throws Exception {
    Lan made = new Lan(name, FreePort.address());
    made.security = Optional.of(Security.of(credentials));
    workers.add(made);
    return made;
  }

  @Test
  void workersWithCertificatesTrainTogether() throws Exception {
    List<CompletableFuture<WorkerOutcome>> outcomes = new ArrayList<>();
    InetSocketAddress seed = null;
    for (String name : List.of("w1", "w2", "w3")) {
      Lan made = worker(name, issue(authority, name));
      made.nanosPerSample = 200_000; // or two are through with all epochs before the third begins
      seed = seed == null ? made.bind : seed;
      outcomes.add(made.run(seed));
    }
    for (CompletableFuture<WorkerOutcome> outcome : outcomes) {
      assertThat(outcome.get().reason()).isEqualTo(Reason.EPOCHS);
    }
    assertThat(workers).allMatch(w -> w.reported(r -> r instanceof Report.Sent));
  }

  @Test
  void nobodySpeaksAsAnotherOrWithAnotherAuthoritysCertificateOrWithoutOne() throws Exception {
    CertificateAuthority stranger =
        CertificateAuthority.create(dir.resolve("other"), Duration.ofDays(3650), Instant.now());
    Lan first = worker("w1", issue(authority, "w1"));
    first.minWorkers = 1;
    first.nanosPerSample = 100_000;
    first.goal = Goal.NONE;
    CompletableFuture<WorkerOutcome> running = first.run(first.bind);

    Lan liar = worker("w2", issue(authority, "w3")); // says it is w2, has the certificate of w3
    Lan foreigner = worker("w4", issue(stranger, "w4"));
    Lan plain = new Lan("w5", FreePort.address());
    workers.add(plain);
    CountDownLatch honestTrained = new CountDownLatch(20);
    for (Lan outsider : List.of(liar, foreigner, plain)) {
      outsider.goal = Goal.NONE;
      CompletableFuture<WorkerOutcome> _ = outsider.run(first.bind);
    }
    Lan honest = worker("w6", issue(authority, "w6"));
    honest.minWorkers = 1;
    honest.nanosPerSample = 100_000;
    honest.goal = Goal.NONE;
    honest.countsDown(honestTrained);
    CompletableFuture<WorkerOutcome> alsoRunning = honest.run(first.bind);
    honestTrained.await(); // while the outsiders try
    first.worker().requestStop(Reason.REQUEST);
    honest.worker().requestStop(Reason.REQUEST);
    running.get();
    alsoRunning.get();
    for (String outsider : List.of("w2", "w3", "w4", "w5")) {
      assertThat(first.reports)
          .noneMatch(r -> r instanceof Report.Sent s && s.peer().equals(new WorkerId(outsider)));
    }
  }

  @Test
  void whatAnInsiderSendsInTheNameOfAnotherIsDroppedAndTold() throws Exception {
    Lan first = worker("w1", issue(authority, "w1"));
    CountDownLatch exchanged = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch again = new CountDownLatch(20);
    Lan second = worker("w2", issue(authority, "w2"));
    List<CompletableFuture<WorkerOutcome>> running = new ArrayList<>();
    for (Lan honest : List.of(first, second)) {
      honest.alsoTo =
          r -> {
            if (r instanceof Report.Sent) {
              exchanged.countDown();
              if (told.getCount() == 0) {
                again.countDown();
              }
            } else if (r instanceof Report.Notice n
                && n.text()
                    .contains("refused w3: dropped 1 message that it sent in the name of w")) {
              told.countDown();
            }
          };
      honest.minWorkers = 2;
      honest.nanosPerSample = 100_000;
      honest.goal = Goal.NONE;
      running.add(honest.run(first.bind));
    }
    exchanged.await();

    Payload goodbye =
        Control.encode(
            new Control.Goodbye(Reason.EPOCHS),
            new Line(0, 0, call -> false).parameters().fingerprint());
    Optional<Security> security = Optional.of(Security.of(issue(authority, "w3")));
    Whereabouts place = Whereabouts.at(FreePort.address());
    SeedHosts seeds =
        SeedHosts.parse(first.bind.getAddress().getHostAddress() + ":" + first.bind.getPort());
    try (Switchboard lines = new Switchboard("w3", place, security);
        JChannel insider =
            new TcpStack(lines, seeds, _ -> {})
                .channel(Channel.CONTROL, new Speakers((by, as, count) -> {}))) {
      lines.open();
      insider.connect(ClusterWorker.GROUP + "-control");
      while (insider.getView().size() < 3) {
        Thread.onSpinWait(); // a busy machine brings groups together late
      }
      List<Address> members = new ArrayList<>(insider.getView().getMembers());
      members.remove(insider.getAddress());
      Message forged =
          Tag.NODE
              .message(members.get(0), goodbye.bytes(), goodbye.length())
              .setFlag(Message.Flag.OOB, Message.Flag.NO_RELIABILITY)
              .setSrc(members.get(1));
      insider.getProtocolStack().getTransport().down(forged);
      told.await();
    }
    again.await(); // nobody has believed that the epochs are done
    first.worker().requestStop(Reason.REQUEST);
    second.worker().requestStop(Reason.REQUEST);
    for (CompletableFuture<WorkerOutcome> outcome : running) {
      assertThat(outcome.get().reason()).isEqualTo(Reason.REQUEST);
    }
  }
}
